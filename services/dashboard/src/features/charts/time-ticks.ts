import { fromWallMs, toWallMs, type Zone } from '../time/zone.ts';

export interface Span {
  fromMs: number;
  toMs: number;
}

export interface TimeTick {
  timeMs: number;
  text: string;
  /** The date below the text; null if it is the same as that of the previous tick. */
  date: string | null;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** All UTC offsets in use are multiples of this. */
const offsetStepMs = 15 * minuteMs;

const stepsMs = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 5, 10, 30, 90, 365].map((count) => count * dayMs),
];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function padded(value: number): string {
  return String(value).padStart(2, '0');
}

function chooseStepMs({ fromMs, toMs }: Span, most: number): number {
  const fitting = stepsMs.find((stepMs) => (toMs - fromMs) / stepMs <= most);
  return fitting ?? Math.ceil((toMs - fromMs) / most / (365 * dayMs)) * 365 * dayMs;
}

/** Steps within a day are taken in real time, so that an hour that the clock repeats appears twice. */
function listTimes({ fromMs, toMs }: Span, { stepMs, zone }: { stepMs: number; zone: Zone }) {
  const times: number[] = [];
  if (stepMs < dayMs) {
    const strideMs = Math.min(stepMs, offsetStepMs);
    for (let timeMs = Math.ceil(fromMs / strideMs) * strideMs; timeMs <= toMs; timeMs += strideMs)
      if (toWallMs(timeMs, zone) % stepMs === 0) times.push(timeMs);
    return times;
  }
  for (let wallMs = Math.floor(fromMs / stepMs) * stepMs; wallMs <= toMs + dayMs; wallMs += stepMs) {
    const timeMs = fromWallMs(wallMs, zone);
    if (timeMs >= fromMs && timeMs <= toMs) times.push(timeMs);
  }
  return times;
}

/** Round wall-clock times within a window, at most about `most` of them. */
export function toTimeTicks(span: Span, { most, zone }: { most: number; zone: Zone }): TimeTick[] {
  const stepMs = chooseStepMs(span, most);
  let before = '';
  return listTimes(span, { stepMs, zone }).map((timeMs) => {
    const wall = new Date(toWallMs(timeMs, zone));
    const day = `${wall.getUTCDate()} ${months[wall.getUTCMonth()]}`;
    const clock = `${padded(wall.getUTCHours())}:${padded(wall.getUTCMinutes())}`;
    const seconds = stepMs < minuteMs ? `:${padded(wall.getUTCSeconds())}` : '';
    const [text, date] =
      stepMs < dayMs
        ? [`${clock}${seconds}`, `${day} ${wall.getUTCFullYear()}`]
        : [day, String(wall.getUTCFullYear())];
    const isOther = date !== before;
    before = date;
    return { timeMs, text, date: isOther ? date : null };
  });
}
