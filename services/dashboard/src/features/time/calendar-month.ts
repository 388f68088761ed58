const dayMs = 86_400_000;

/** Days since 1970 as wall-clock dates, independent of any time zone. */
export type Day = number;

export function toDay(dateText: string): Day {
  return Date.parse(`${dateText}T00:00:00Z`) / dayMs;
}

/** `2026-11-22` */
export function toDayText(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** `November 2026` */
export function toMonthTitle(day: Day): string {
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    day * dayMs,
  );
}

/** `Sunday, 22 November 2026` */
export function toDayTitle(day: Day): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(day * dayMs);
}

/** Monday is 0. */
export function toWeekday(day: Day): number {
  return (new Date(day * dayMs).getUTCDay() + 6) % 7;
}

/** The same day of another month, or the last day of that month. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day * dayMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfMonth)) / dayMs;
}

/** The weeks of the month of a day, from Monday to Sunday; includes days of adjacent months. */
export function listWeeks(day: Day): Day[][] {
  const date = new Date(day * dayMs);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / dayMs;
  const last = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / dayMs;
  const weeks: Day[][] = [];
  for (let monday = first - toWeekday(first); monday <= last; monday += 7) {
    weeks.push(Array.from({ length: 7 }, (_, weekday) => monday + weekday));
  }
  return weeks;
}

export function isSameMonth(a: Day, b: Day): boolean {
  return toDayText(a).slice(0, 7) === toDayText(b).slice(0, 7);
}
