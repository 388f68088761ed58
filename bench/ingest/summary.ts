import { formatTable } from '../measuring/format-table.ts';
import { median } from '../measuring/median.ts';
import type { Round } from './round.ts';

interface Rates {
  per_second: number;
  p50_us: number;
  p99_us: number;
}

export interface Summary {
  /** Medians of the rounds, 64 in flight and 1, by contender. */
  singles: Record<string, Rates>;
  lone: Record<string, Rates>;
  ndjson_per_second: number | null;
  raw_insert_per_second: number;
  resident_mib: { first_round: number; last_round: number; max: number } | null;
}

export interface Goal {
  what: string;
  measured: number | undefined;
  goal: number;
  isUpperLimit?: boolean;
  unit?: string;
}

const titles: Record<string, string> = {
  ours: 'ours, committed',
  express_port: 'the obvious Express port',
  flask: 'the Flask design',
  express_echo: 'Express echo, no database',
  node_echo: 'node:http echo, no database',
};

function medians(rounds: readonly Round[], kind: 'singles' | 'lone'): Record<string, Rates> {
  const names = Object.keys(rounds[0]?.[kind] ?? {}).toSorted(
    (a, b) => Object.keys(titles).indexOf(a) - Object.keys(titles).indexOf(b),
  );
  const middle = (name: string, figure: keyof Rates) =>
    median(rounds.flatMap((round) => round[kind][name]?.[figure] ?? []));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        per_second: middle(name, 'per_second'),
        p50_us: middle(name, 'p50_us'),
        p99_us: middle(name, 'p99_us'),
      },
    ]),
  );
}

function summarizeMemory(rounds: readonly Round[]): Summary['resident_mib'] {
  const mib = rounds.flatMap(({ resident_mib }) => resident_mib ?? []);
  const [first] = mib;
  const last = mib.at(-1);
  if (first === undefined || last === undefined) return null;
  return { first_round: first, last_round: last, max: Math.max(...mib) };
}

export function summarize(rounds: readonly Round[]): Summary {
  const streams = rounds.flatMap(({ stream }) => ('absent' in stream ? [] : stream.per_second));
  return {
    singles: medians(rounds, 'singles'),
    lone: medians(rounds, 'lone'),
    ndjson_per_second: streams.length > 0 ? median(streams) : null,
    raw_insert_per_second: median(rounds.map((round) => round.raw_insert_per_second)),
    resident_mib: summarizeMemory(rounds),
  };
}

function toMs(us: number): string {
  return (us / 1000).toFixed(2);
}

function toCells(kind: string, [name, rates]: [string, Rates]): string[] {
  const { per_second, p50_us, p99_us } = rates;
  return [
    `${kind}: ${titles[name] ?? name}`,
    Math.round(per_second).toLocaleString('en'),
    toMs(p50_us),
    toMs(p99_us),
  ];
}

export function toRatesTable({ singles, lone, ...rest }: Summary): string {
  const rate = (perSecond: number | null) =>
    perSecond === null ? 'absent' : Math.round(perSecond).toLocaleString('en');
  return formatTable([
    ['median of the rounds', 'readings/s', 'p50 ms', 'p99 ms'],
    ...Object.entries(singles).map((entry) => toCells('64 in flight', entry)),
    ...Object.entries(lone).map((entry) => toCells('alone', entry)),
    ['NDJSON stream: ours, committed', rate(rest.ndjson_per_second), '', ''],
    ['raw multi-row INSERT of mysql2', rate(rest.raw_insert_per_second), '', ''],
  ]);
}

function divide(dividend: number | null | undefined, divisor: number | undefined): number | undefined {
  return dividend == null || divisor === undefined ? undefined : dividend / divisor;
}

function listTurnGoals({ singles, lone, ...rest }: Summary): Goal[] {
  const rateOver = (name: string) => divide(singles.ours?.per_second, singles[name]?.per_second);
  const p99 = divide(singles.ours?.p99_us, singles.express_echo?.p99_us);
  const alone = divide(lone.ours?.p50_us, lone.express_port?.p50_us);
  const stream = divide(rest.ndjson_per_second, rest.raw_insert_per_second);
  return [
    { what: 'rate / the Flask design', measured: rateOver('flask'), goal: 20 },
    { what: 'rate / the obvious Express port', measured: rateOver('express_port'), goal: 3.5 },
    { what: 'rate / Express echo', measured: rateOver('express_echo'), goal: 1 },
    { what: 'rate / node:http echo', measured: rateOver('node_echo'), goal: 0.7 },
    { what: 'p99 / p99 of Express echo', measured: p99, goal: 2, isUpperLimit: true },
    { what: 'p50 alone / the obvious Express port', measured: alone, goal: 1.1, isUpperLimit: true },
    { what: 'NDJSON / raw multi-row INSERT', measured: stream, goal: 0.5 },
  ];
}

/** Ratios are taken within each round, whose turns follow one another closely; then their median. */
export function listGoals(rounds: readonly Round[]): Goal[] {
  const byRound = rounds.map((round) => listTurnGoals(summarize([round])));
  const ofTurns = (byRound[0] ?? []).map((goal, index) => {
    const ratios = byRound.flatMap((goals) => goals[index]?.measured ?? []);
    return { ...goal, measured: ratios.length > 0 ? median(ratios) : undefined };
  });
  const { resident_mib: memory } = summarize(rounds);
  const grown = divide(memory?.last_round, memory?.first_round);
  return [
    ...ofTurns,
    { what: 'resident memory, most', measured: memory?.max, goal: 250, isUpperLimit: true, unit: ' MiB' },
    { what: 'memory of the last round / the first', measured: grown, goal: 1.1, isUpperLimit: true },
  ];
}

function judge({ measured, goal, isUpperLimit }: Goal): string {
  if (measured === undefined) return 'absent';
  return (isUpperLimit ? measured <= goal : measured >= goal) ? 'reached' : 'NOT REACHED';
}

export function toGoalsTable(goals: readonly Goal[]): string {
  return formatTable([
    ['ours, median of the ratios of each round', 'measured', 'goal', ''],
    ...goals.map((goal) => [
      goal.what,
      goal.measured === undefined ? '–' : `${goal.measured.toFixed(goal.unit ? 0 : 2)}${goal.unit ?? ''}`,
      `${goal.isUpperLimit ? '≤' : '≥'} ${goal.goal}${goal.unit ?? ''}`,
      judge(goal),
    ]),
  ]);
}
