import { escapeControls } from '../table/escape-controls.ts';

/** `--classes ok,fault`, for a shell. Quotes keep names with commas and special characters whole. */
export function toNamesFlag(flag: string, names: readonly string[]): string {
  const list = names.map((name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',');
  // A value that begins with a dash would be taken for another flag.
  return `${flag}${list.startsWith('-') ? '=' : ' '}${quoteForShell(escapeControls(list))}`;
}

/** The text as one word of a POSIX shell. */
export function quoteForShell(text: string): string {
  return /^[\w.,:=@%+/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
