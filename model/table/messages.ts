const shown = 6;

export function toShortList(texts: readonly string[]): string {
  const others = texts.length - shown;
  return others > 1 ? `${texts.slice(0, shown).join(', ')} and ${others} more` : texts.join(', ');
}
