/** Shows control characters, which a terminal would obey: files and their names may hold any. Line feeds stay. */
export function escapeControls(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

const shown = 6;

export function toShortList(texts: readonly string[]): string {
  const others = texts.length - shown;
  return others > 1 ? `${texts.slice(0, shown).join(', ')} and ${others} more` : texts.join(', ');
}
