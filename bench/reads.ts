import type { Flags } from './bench.ts';
import { type Bench, createBench, describeMachine } from './bench.ts';
import { createDatabase, type DatabaseServer, provideServer } from './database.ts';
import { startArrivals } from './load/arrivals.ts';
import { type Filling, fill, toSensorId } from './reads/fill.ts';
import { ask, listQuestions, type Question } from './reads/questions.ts';
import { type Figures, format, formatTable, listFigures, median, type Round, runRounds } from './rounds.ts';
import { startApi } from './servers.ts';

const arrivalsPerSecond = 500;
const maxRatio = 5;
const maxMs = 50;
/** A query that has taken this long in total is measured only once. */
const budgetMs = 20_000;
const warmUps = 2;

interface Filled extends Filling {
  fill_seconds: number;
  arrived_per_second: number;
  rounds: Round[];
}

/** Runs a query once; undefined if it failed or has used up its budget. */
function createTurn(port: number, { toPath }: Question): () => Promise<Figures | undefined> {
  let [times, spentMs] = [0, 0];
  return async () => {
    if (spentMs > budgetMs && times > warmUps) return undefined;
    times++;
    const { status, ms } = await ask(port, toPath());
    spentMs += ms;
    return status === 200 ? { ms } : undefined;
  };
}

async function measureFilled(
  bench: Bench,
  server: DatabaseServer,
  options: Filling & { rounds: number },
): Promise<Filled> {
  const { rounds, ...filling } = options;
  const { rows, sensors } = filling;
  const database = await createDatabase(bench, server, { name: `${sensors}_${rows}` });
  const fill_seconds = await fill(database, filling);
  bench.say(`${rows.toLocaleString('en')} rows of ${sensors} sensors: filled in ${format(fill_seconds)} s`);
  const { port } = await startApi(bench, database.apiUrl, { name: `api-${sensors}-${rows}` });
  const sensorIds = Array.from({ length: sensors }, (_, sensor) => toSensorId(sensor));
  const arrivals = startArrivals(bench, { port, perSecond: arrivalsPerSecond, sensorIds });
  const questions = await listQuestions(port);
  if (sensors > 1) questions.push(...(await listQuestions(port, sensorIds[0])));
  const contenders = Object.fromEntries(
    questions.map((question) => [question.name, createTurn(port, question)]),
  );
  const measured = await runRounds({ bench, rounds: warmUps + rounds, contenders, isQuiet: true });
  const { per_second } = await arrivals.stop();
  return { ...filling, fill_seconds, arrived_per_second: per_second, rounds: measured.slice(warmUps) };
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

/** Medians and 95th percentiles for one number of sensors; the ratio is that of the most rows to the fewest. */
function toTable(filled: readonly Filled[]): string {
  const bySize = filled.toSorted((a, b) => a.rows - b.rows);
  const names = [...new Set(bySize.flatMap(({ rounds }) => Object.keys(rounds[0] ?? {})))];
  const [smallest, largest] = [bySize[0]?.rounds ?? [], bySize.at(-1)?.rounds ?? []];
  return formatTable([
    [
      `${bySize[0]?.sensors} sensors: median (p95) in ms`,
      ...bySize.map(({ rows }) => `${rows.toLocaleString('en')} rows`),
      ...['ratio', `≤ ${maxRatio} and < ${maxMs} ms`],
    ],
    ...names.map((name) => {
      const cells = bySize.map(({ rounds }) => {
        const ms = listFigures(rounds, name, 'ms');
        const failed = rounds.length - ms.length;
        return `${format(median(ms))} (${format(percentile(ms, 0.95))})${failed > 0 ? ` absent ×${failed}` : ''}`;
      });
      const [least = Number.NaN, most = Number.NaN] = [smallest, largest].map((rounds) =>
        median(listFigures(rounds, name, 'ms')),
      );
      const reached = most / least <= maxRatio && most < maxMs;
      return [
        name,
        ...cells,
        format(most / least),
        Number.isNaN(most / least) ? 'absent' : reached ? 'reached' : 'NOT REACHED',
      ];
    }),
    ['seconds to fill', ...bySize.map(({ fill_seconds }) => format(fill_seconds)), '', ''],
    ['readings/s that arrived', ...bySize.map((of) => format(of.arrived_per_second)), '', ''],
  ]);
}

/** The dashboard's questions at several numbers of rows, each in a database of its own, while readings arrive. */
export async function benchReads(bench: Bench, { rounds = 30, rows, sensors, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const filled: Filled[] = [];
  for (const sensorCount of sensors) {
    for (const rowCount of rows) {
      const inner = createBench(bench.say);
      bench.defer(inner.end);
      filled.push(await measureFilled(inner, server, { rows: rowCount, sensors: sensorCount, rounds }));
      await inner.end();
    }
    bench.say(`\n${toTable(filled.filter((one) => one.sensors === sensorCount))}\n`);
  }
  return { machine: describeMachine(), server: server.settings, filled };
}
