import { type Bench, createStolenTimeMeter } from './bench.ts';

/** What a turn of a contender gave, by name. */
export type Figures = Readonly<Record<string, number>>;

/** The figures of each contender; of none where it was not measured. */
export type Round = Readonly<Record<string, Figures | undefined>>;

interface RoundsOptions {
  bench: Bench;
  rounds: number;
  contenders: Readonly<Record<string, () => Promise<Figures | undefined>>>;
  isQuiet?: boolean;
}

/** Every contender has a turn in every round; each round begins with another one. */
export async function runRounds({ bench, rounds, contenders, isQuiet }: RoundsOptions): Promise<Round[]> {
  const turns = Object.entries(contenders);
  const takeStolenTime = createStolenTimeMeter();
  const measured: Round[] = [];
  for (let number = 0; number < rounds; number++) {
    const round: Record<string, Figures | undefined> = Object.fromEntries(
      turns.map(([name]) => [name, undefined]),
    );
    const first = number % turns.length;
    for (const [name, run] of [...turns.slice(first), ...turns.slice(0, first)]) {
      round[name] = await run();
      if (!isQuiet) bench.say(`round ${number + 1}: ${name}: ${describe(round[name])}`);
    }
    measured.push(round);
    if (!isQuiet)
      bench.say(
        `round ${number + 1} of ${rounds}: ${percent(takeStolenTime())} of the CPU stolen by the host`,
      );
  }
  return measured;
}

function describe(figures: Figures | undefined): string {
  const named = Object.entries(figures ?? {}).map(([name, value]) => `${name} ${format(value)}`);
  return named.length > 0 ? named.join(', ') : 'absent';
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** All turns of a contender. */
export function listFigures(rounds: readonly Round[], contender: string, figure: string): number[] {
  return rounds.flatMap((round) => round[contender]?.[figure] ?? []);
}

export function medianOf(rounds: readonly Round[], contender: string, figure: string): number {
  return median(listFigures(rounds, contender, figure));
}

/** The median of the ratios within the rounds, whose turns follow one another closely. */
export function medianRatio(
  rounds: readonly Round[],
  [one, other]: readonly [string, string],
  [figure, otherFigure = figure]: readonly [string, string?],
): number {
  return median(
    rounds.flatMap((round) => {
      const [dividend, divisor] = [round[one]?.[figure], round[other]?.[otherFigure]];
      return dividend === undefined || divisor === undefined ? [] : dividend / divisor;
    }),
  );
}

/** Medians of the rounds: one row for each contender, one column for each figure. */
export function toMediansTable(
  title: string,
  rounds: readonly Round[],
  columns: Readonly<Record<string, string>>,
): string {
  const contenders = Object.keys(rounds[0] ?? {});
  return formatTable([
    [title, ...Object.values(columns)],
    ...contenders.map((name) => [
      name,
      ...Object.keys(columns).map((figure) => format(medianOf(rounds, name, figure))),
    ]),
  ]);
}

export interface Goal {
  what: string;
  measured: number;
  atLeast?: number;
  atMost?: number;
  unit?: string;
}

export function isReached({ measured, atLeast = -Infinity, atMost = Infinity }: Goal): boolean {
  return measured >= atLeast && measured <= atMost;
}

export function toGoalsTable(title: string, goals: readonly Goal[]): string {
  return formatTable([
    [title, 'measured', 'goal', ''],
    ...goals.map((goal) => {
      const { what, measured, atLeast, atMost, unit = '' } = goal;
      const limit =
        atLeast !== undefined ? `≥ ${atLeast}${unit}` : atMost !== undefined ? `≤ ${atMost}${unit}` : '';
      const judged = limit === '' ? '' : isReached(goal) ? 'reached' : 'NOT REACHED';
      return [
        what,
        `${format(measured)}${Number.isNaN(measured) ? '' : unit}`,
        limit,
        Number.isNaN(measured) ? 'absent' : judged,
      ];
    }),
  ]);
}

/** Three significant digits, or whole numbers; a dash for what was not measured. */
export function format(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en');
  return value.toPrecision(3);
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Columns padded to their widest cell; the first is left-aligned, the others right-aligned. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
