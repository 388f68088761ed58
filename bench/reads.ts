import { type Bench, createBench, type Figures, type Flags } from './bench.ts';
import { startArrivals } from './load/arrivals.ts';
import { type Filling, fill, toSensorId } from './load/fill.ts';
import { ask, listQuestions, type Question } from './questions.ts';
import { listFigures, median, percentile, type Round, runRounds, toRounded } from './rounds.ts';
import { type DatabaseServer, provideServer, startApi } from './servers.ts';

const arrivalsPerSecond = 500;
const maxRatio = 5;
const maxMs = 50;
const warmUps = 2;

interface Filled extends Filling {
  fill_seconds: number;
  arrived_per_second: number;
  rounds: Round[];
}

/** Undefined where the question failed. */
async function measureQuestion(port: number, { toPath }: Question): Promise<Figures | undefined> {
  const { status, ms } = await ask(port, toPath());
  return status === 200 ? { ms } : undefined;
}

async function measureFilled(
  outer: Bench,
  server: DatabaseServer,
  { rows, sensors, rounds }: Filling & { rounds: number },
): Promise<Filled> {
  const bench = createBench();
  outer.defer(bench.end);
  try {
    const { port } = await startApi(bench, server, { name: `${sensors}_${rows}` });
    const fill_seconds = await fill(port, { rows, sensors });
    const sensorIds = Array.from({ length: sensors }, (_, sensor) => toSensorId(sensor));
    const arrivals = startArrivals({ port, perSecond: arrivalsPerSecond, sensorIds });
    const questions = await listQuestions(port);
    if (sensors > 1) questions.push(...(await listQuestions(port, sensorIds[0])));
    const turns = questions.map(
      (question) => [question.name, () => measureQuestion(port, question)] as const,
    );
    const measured = await runRounds(warmUps + rounds, Object.fromEntries(turns), true);
    const arrived_per_second = await arrivals.stop();
    const [seconds, arrived] = [toRounded(fill_seconds), toRounded(arrived_per_second)];
    console.log(
      `${rows} rows of ${sensors} sensors: filled in ${seconds} s; then ${arrived} readings/s arrived`,
    );
    return { rows, sensors, fill_seconds, arrived_per_second, rounds: measured.slice(warmUps) };
  } finally {
    await bench.end();
  }
}

/** Medians and 95th percentiles for one number of sensors; the ratio is that of the most rows to the fewest. */
function printTimes(filled: readonly Filled[]): void {
  const bySize = filled.toSorted((a, b) => a.rows - b.rows);
  const names = [...new Set(bySize.flatMap(({ rounds }) => Object.keys(rounds[0] ?? {})))];
  const toRow = (name: string) => {
    const times = bySize.map(({ rows, rounds }) => ({ rows, ms: listFigures(rounds, name, 'ms') }));
    const cells = times.map(({ rows, ms }) => [
      `${rows} rows`,
      `${toRounded(median(ms))} (${toRounded(percentile(ms, 95))})`,
    ]);
    const [least, most] = [median(times[0]?.ms ?? []), median(times.at(-1)?.ms ?? [])];
    const isReached = most / least <= maxRatio && most < maxMs;
    return { ...Object.fromEntries(cells), ratio: toRounded(most / least), isReached };
  };
  console.log(
    `\n${bySize[0]?.sensors} sensors: median (p95) in ms; goal: ratio ≤ ${maxRatio} and < ${maxMs} ms`,
  );
  console.table(Object.fromEntries(names.map((name) => [name, toRow(name)])));
}

/** The dashboard's questions at several numbers of rows, each in a database of its own, while readings arrive. */
export async function benchReads(bench: Bench, { rounds = 30, rows, sensors, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const filled: Filled[] = [];
  for (const sensorCount of sensors) {
    for (const rowCount of rows) {
      filled.push(await measureFilled(bench, server, { rows: rowCount, sensors: sensorCount, rounds }));
    }
    printTimes(filled.filter((one) => one.sensors === sensorCount));
  }
  return { server: server.settings, filled };
}
