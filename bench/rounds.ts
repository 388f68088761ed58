import type { Figures } from './bench.ts';

/** The figures of each contender; undefined where it was not measured. */
export type Round = Readonly<Record<string, Figures | undefined>>;

type Contenders = Readonly<Record<string, () => Promise<Figures | undefined>>>;

/** Every contender has a turn in every round; each round begins with another one. */
export async function runRounds(count: number, contenders: Contenders, isQuiet = false): Promise<Round[]> {
  const names = Object.keys(contenders);
  const rounds: Round[] = [];
  for (let number = 0; number < count; number++) {
    const first = number % names.length;
    const round: Record<string, Figures | undefined> = Object.fromEntries(
      names.map((name) => [name, undefined]),
    );
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      round[name] = await contenders[name]?.();
    rounds.push(round);
    if (!isQuiet) printRound(`round ${number + 1} of ${count}`, round);
  }
  return rounds;
}

export function printRound(title: string, round: Round): void {
  console.log(`\n${title}`);
  const rows = Object.entries(round).map(([name, figures = {}]) => [name, roundAll(figures)]);
  console.table(Object.fromEntries(rows));
}

/** By the nearest rank; NaN of no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** All turns of a contender. */
export function listFigures(rounds: readonly Round[], contender: string, figure: string): number[] {
  return rounds.flatMap((round) => round[contender]?.[figure] ?? []);
}

/** The median of the ratios within the rounds, whose turns follow one another closely. */
export function medianRatio(
  rounds: readonly Round[],
  [one, other]: readonly [string, string],
  figure: string,
): number {
  return median(
    rounds.flatMap((round) => {
      const [dividend, divisor] = [round[one]?.[figure], round[other]?.[figure]];
      return dividend === undefined || divisor === undefined ? [] : dividend / divisor;
    }),
  );
}

/** The median of each figure of a contender. */
export function toMedians(rounds: readonly Round[], contender: string): Figures {
  const figures = Object.keys(rounds[0]?.[contender] ?? {});
  return Object.fromEntries(
    figures.map((figure) => [figure, median(listFigures(rounds, contender, figure))]),
  );
}

/** Three significant digits, or whole numbers. */
export function toRounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

function roundAll(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, toRounded(value)]));
}

/** Prints the medians of the rounds: a row for each contender, a column for each figure. */
export function printMedians(title: string, rounds: readonly Round[]): void {
  console.log(`\n${title}`);
  const names = Object.keys(rounds[0] ?? {});
  console.table(Object.fromEntries(names.map((name) => [name, roundAll(toMedians(rounds, name))])));
}

export interface Goal {
  what: string;
  measured: number;
  atLeast?: number;
  atMost?: number;
}

/** What was not measured is NaN, and reaches no goal. */
export function printGoals(title: string, goals: readonly Goal[]): void {
  console.log(`\n${title}`);
  const rows = goals.map(({ what, measured, atLeast = -Infinity, atMost = Infinity }) => {
    const goal = atLeast > -Infinity ? `≥ ${atLeast}` : atMost < Infinity ? `≤ ${atMost}` : '';
    const isReached = measured >= atLeast && measured <= atMost;
    return [what, { measured: toRounded(measured), goal, isReached }];
  });
  console.table(Object.fromEntries(rows));
}
