/** Control characters, line separators, and the characters that change the direction of the text around them. */
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** `\u001b` for an escape: the text can be shown in a terminal or a page without an effect on it. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `\\u${point.toString(16).padStart(4, '0')}`;
  });
}

/** The same for messages of several lines: line feeds stay. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}
