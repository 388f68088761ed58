import { escapeControls } from '../table/escape-controls.ts';

/** Names separated by commas, as the value of a flag in a shell. Quotes keep names with commas and special characters whole. */
export function toFlagValue(names: readonly string[]): string {
  const list = names.map((name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',');
  return quoteForShell(escapeControls(list));
}

/** The text as one word of a POSIX shell. */
export function quoteForShell(text: string): string {
  return /^[\w.,:=@%+/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
