import { formatTable } from '../measuring/format-table.ts';
import { median } from '../measuring/median.ts';
import type { ContenderName, Rows, Singles } from './measure.ts';

export type EchoRound = Partial<Record<ContenderName, Singles>>;
export interface Figures {
  echo: EchoRound[];
  rows: Rows;
}

const titles: Record<ContenderName, string> = {
  ours: 'ours, with its checks and measures',
  axios: 'plain axios loop',
  undici: 'undici.request loop',
  node_http: 'plain node:http loop',
};

type EchoFigures = Omit<Singles, 'corrected'>;

function middle(rounds: readonly EchoRound[], name: ContenderName): EchoFigures | undefined {
  const turns = rounds.flatMap((round) => round[name] ?? []);
  if (turns.length === 0) return undefined;
  const of = (figure: keyof EchoFigures) => median(turns.map((turn) => turn[figure]));
  return {
    per_second: of('per_second'),
    p50_ms: of('p50_ms'),
    p90_ms: of('p90_ms'),
    p99_ms: of('p99_ms'),
    cpu_us_per_reading: of('cpu_us_per_reading'),
  };
}

export function toEchoTable(rounds: readonly EchoRound[]): string {
  const names = Object.keys(titles) as ContenderName[]; // the keys are listed above
  const cells = names.flatMap((name) => {
    const figures = middle(rounds, name);
    if (!figures) return [];
    const { per_second, cpu_us_per_reading, p50_ms, p99_ms } = figures;
    const numbers = [Math.round(per_second).toLocaleString('en'), Math.round(cpu_us_per_reading).toString()];
    return [[titles[name], ...numbers, p50_ms.toFixed(1), p99_ms.toFixed(1)]];
  });
  return formatTable([
    ['64 in flight, to an echo', 'readings/s', 'µs of CPU each', 'p50 ms', 'p99 ms'],
    ...cells,
  ]);
}

/** Ratios are taken within each round, whose turns follow one another closely; then their median. */
function ratioToAxios(rounds: readonly EchoRound[], figure: 'per_second' | 'cpu_us_per_reading'): number {
  return median(rounds.flatMap(({ ours, axios }) => (ours && axios ? ours[figure] / axios[figure] : [])));
}

export interface Goal {
  what: string;
  measured: number;
  goal: string;
  isReached: boolean;
}

export function listGoals({ echo, rows }: Figures): Goal[] {
  const rate = ratioToAxios(echo, 'per_second');
  const cpu = 1 / ratioToAxios(echo, 'cpu_us_per_reading');
  const grown = rows.resident_mib.end / rows.resident_mib.half;
  return [
    { what: 'single readings: rate / plain axios', measured: rate, goal: '≥ 2', isReached: rate >= 2 },
    { what: 'single readings per CPU second / plain axios', measured: cpu, goal: '≥ 2', isReached: cpu >= 2 },
    {
      what: 'NDJSON rows per second',
      measured: rows.per_second,
      goal: '≥ 50000',
      isReached: rows.per_second >= 50_000,
    },
    {
      what: 'memory at the end / at half of the rows',
      measured: grown,
      goal: '≤ 1.2',
      isReached: grown <= 1.2,
    },
  ];
}

export function toGoalsTable(goals: readonly Goal[]): string {
  return formatTable([
    ['', 'measured', 'goal', ''],
    ...goals.map(({ what, measured, goal, isReached }) => [
      what,
      measured > 1000 ? Math.round(measured).toString() : measured.toFixed(2),
      goal,
      isReached ? 'reached' : 'NOT REACHED',
    ]),
  ]);
}
