/** How numbers tell the time of day: 15, 1504, 150405, or 0.628 of a day. */
export type ClockNumber = 'H' | 'Hmm' | 'Hmmss' | 'fraction';

const timeOfDay = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?$/i;

/** `15:04:05`, `3:04 PM`. */
export function isTimeOfDay(text: string): boolean {
  return timeOfDay.test(text);
}

/** The first date of databases that have no type for times of day. */
const emptyDate =
  /^(?:(?:1899|1900|0001)-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:1899|1900|0001))[ T]+(?=\d{1,2}:)/;
const parts =
  /^T?(\d{1,2})(?:[: h](\d{1,2})(?:[: ](\d{1,2})(?:[.,:](\d+))?(?: (\d{1,3}))?)?)?(?: ?([ap])\.? ?m\.?)?(?: Uhr)?$/i;

/**
 * Milliseconds since midnight; NaN for anything but a time of day. Several cells are separated by spaces: hours, minutes and
 * seconds, then milliseconds, then AM or PM. 24:00 is the next midnight.
 */
export function parseTimeOfDay(text: string, numbers: ClockNumber): number {
  if (numbers === 'fraction' && !text.includes(':')) {
    const share = text === '' ? Number.NaN : Number(text.replace(',', '.'));
    return share >= 0 && share < 1 ? Math.round(share * 86_400_000) : Number.NaN;
  }
  const found = parts.exec(separate(text.replace(emptyDate, ''), numbers));
  if (found === null) return Number.NaN;
  const [, hour = '', minute = '0', second = '0', fraction = '', millis = '0', half] = found;
  if (Number(minute) > 59 || Number(second) > 60) return Number.NaN;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return Number.NaN;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const ms =
    ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1000 +
    Number(fraction.slice(0, 3).padEnd(3, '0')) +
    Number(millis);
  return ms <= 86_400_000 ? ms : Number.NaN;
}

/** `1504` → `15:04`; a leading zero may be missing. */
function separate(text: string, numbers: ClockNumber): string {
  if (numbers !== 'Hmm' && numbers !== 'Hmmss') return text;
  const width = numbers === 'Hmm' ? 4 : 6;
  return text.replace(/^\d{1,6}(?= |[.,]|$)/, (digits) =>
    digits.padStart(width, '0').replace(/\d\d(?=\d\d)/g, '$&:'),
  );
}
