export interface ValueScale {
  low: number;
  high: number;
  ticks: readonly number[];
}

const niceSteps = [1, 2, 5, 10];

function toNiceStep(roughStep: number): number {
  const power = 10 ** Math.floor(Math.log10(roughStep));
  return power * (niceSteps.find((step) => step * power >= roughStep * 0.999) ?? 10);
}

function toRound(value: number): number {
  return Number(value.toPrecision(12));
}

/**
 * A scale with round ticks whose ends are at a tick or halfway between two, so that small changes do not move it.
 * @param most of the ticks
 * @param least the smallest range of values that fills the scale
 */
export function toValueScale(values: readonly (number | null)[], { most = 4, least = 1 } = {}): ValueScale {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null) continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (!(lowest <= highest)) return { low: 0, high: 1, ticks: [0, 1] };
  const halfStep = toNiceStep(Math.max(highest - lowest, least) / most) / 2;
  const first = Math.floor(lowest / halfStep - 0.1);
  const last = Math.max(first + 2, Math.ceil(highest / halfStep + 0.1));
  const halves = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return {
    low: toRound(first * halfStep),
    high: toRound(last * halfStep),
    ticks: halves.filter((half) => half % 2 === 0).map((half) => toRound(half * halfStep)),
  };
}
