/** The font size of the page in windows of usual width, in px. On wider screens it grows: see app/styles/base.css. */
const usualPx = 14;

/** A length that grows with the font size. */
export function toRem(px: number): string {
  return `${px / usualPx}rem`;
}

/** How many times as large as usual text is, for drawings that take pixels. */
export function findTextScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / usualPx;
}
