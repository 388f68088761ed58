const groupSeparator = '\u202f';

/** `12 340` */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, groupSeparator);
}

/** A fixed number of decimals, with a real minus sign. */
export function formatDecimal(value: number, digits = 1): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

export const scoreDecimals = 3;

/** Three decimals, or an en dash where no model has scored. */
export function formatScore(score: number | null): string {
  return score === null ? '–' : formatDecimal(score, scoreDecimals);
}

/** `+0.312`, `−0.044`; zero has no sign. */
export function formatSigned(value: number, digits: number): string {
  const text = formatDecimal(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

/** One to three decimals, as needed: `24.0`, `24.06`, `24.125`. */
export function formatMeasure(value: number): string {
  return formatDecimal(value, 3).replace(/0{1,2}$/, '');
}

/** `3.4 %`; a nonzero share never reads as 0 %, and a share below one never as 100 %. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return `${formatDecimal(percent)} %`;
}

/** `1 reading`, `2 readings` */
export function formatAmount(count: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}
