/** How messages quote what a file holds. */
export function toExcerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

/** A flag as it is typed in a shell, which would change some characters between double quotes. */
export function toFlag(flag: string, value: string): string {
  return /["$`\\!]/.test(value) ? `--${flag} '${value.replaceAll("'", `'\\''`)}'` : `--${flag} "${value}"`;
}

/** The first of many remarks of one kind, and how many there are. */
export function toFewRemarks(remarks: readonly string[]): readonly string[] {
  const others = remarks.length - shownRemarks;
  return others > 1 ? [...remarks.slice(0, shownRemarks), `and so on, for ${others} other columns`] : remarks;
}

const shownRemarks = 3;
