import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import type { Flags } from './bench.ts';
import { type Bench, describeMachine, readResidentMib, runScript } from './bench.ts';
import { createDatabase, createPlainDatabase, type Database, provideServer, root } from './database.ts';
import {
  type Figures,
  type Goal,
  listFigures,
  medianRatio,
  type Round,
  runRounds,
  toGoalsTable,
  toMediansTable,
} from './rounds.ts';
import { type HttpServer, modelFile, startApi, startScript, startServer } from './servers.ts';

const warmUpSeconds = 1;
const folder = import.meta.dirname;

/** Single readings, each connection sending the next when the last is answered */
export async function measureSingles(
  { port }: HttpServer,
  inFlight: number,
  seconds: number,
): Promise<Figures> {
  const task = { port, inFlight, seconds, warmUpSeconds };
  const answer = await runScript(join(folder, 'load/single-readings.ts'), task);
  const { faults, ...figures } = answer as Record<string, number> & { faults: Record<string, number> }; // as it prints
  if (Object.keys(faults).length > 0) console.error(`not answered 200: ${JSON.stringify(faults)}`);
  return figures;
}

export async function measureStream({ port }: HttpServer, seconds: number): Promise<Figures> {
  const task = { port, seconds, warmUpSeconds };
  return (await runScript(join(folder, 'load/ndjson-stream.ts'), task)) as Figures; // as it prints
}

const peerTable = `CREATE TABLE sensor_readings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL, sound_volume DOUBLE NOT NULL, prediction INT NOT NULL
) ENGINE = InnoDB`;

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const versionsScript = `
import flask, sklearn
from importlib import metadata, util
driver = "mysql.connector" if util.find_spec("mysql") else "pymysql"
__import__(driver)
print("Flask", metadata.version("flask"), "scikit-learn", sklearn.__version__, driver)
`;

/** The versions that the Flask design runs on; undefined where a part of it is not installed. */
function findFlask(): string | undefined {
  const { status, stdout } = spawnSync(python, ['-c', versionsScript], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** @throws Error unless exactly the readings that were answered are stored, and rolled up, once */
async function checkStored(ours: Database, answered: number): Promise<void> {
  const connection = await ours.connect();
  const [[counts]] = await connection.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM readings) AS stored_rows,
      (SELECT COALESCE(SUM(count), 0) FROM readings_hour WHERE sensor_id = '') +
        (SELECT COALESCE(SUM(count), 0) FROM rollup_deltas) AS rolled_up`,
  );
  await connection.end();
  const [stored_rows, rolled_up] = [counts?.stored_rows, counts?.rolled_up];
  if (Number(stored_rows) === answered && Number(rolled_up) === answered) return;
  throw new Error(`${answered} readings were answered, ${stored_rows} are stored and ${rolled_up} rolled up`);
}

function listGoals(rounds: readonly Round[]): Goal[] {
  const ratio = (other: string, figure: string) => medianRatio(rounds, ['64: ours', other], [figure]);
  const memory = listFigures(rounds, '64: ours', 'resident_mib');
  return [
    { what: 'rate / Flask design', measured: ratio('64: Flask design', 'per_second'), atLeast: 20 },
    { what: 'rate / Express port', measured: ratio('64: Express port', 'per_second'), atLeast: 3.5 },
    { what: 'rate / Express echo', measured: ratio('64: Express echo', 'per_second'), atLeast: 1 },
    { what: 'rate / node:http echo', measured: ratio('64: node:http echo', 'per_second'), atLeast: 0.7 },
    { what: 'p99 / Express echo', measured: ratio('64: Express echo', 'p99_ms'), atMost: 2 },
    {
      what: 'p50 of 1 / Express port',
      measured: medianRatio(rounds, ['1: ours', '1: Express port'], ['p50_ms']),
      atMost: 1.1,
    },
    {
      what: 'NDJSON / raw INSERT',
      measured: medianRatio(rounds, ['NDJSON: ours', 'raw INSERT'], ['per_second']),
    },
    { what: 'resident memory, most', measured: Math.max(...memory), atMost: 250, unit: ' MiB' },
    {
      what: 'memory, last round / first',
      measured: (memory.at(-1) ?? Number.NaN) / (memory[0] ?? Number.NaN),
      atMost: 1.1,
    },
  ];
}

async function startContenders(bench: Bench, ours: Database, othersUrl: string) {
  const flask = findFlask();
  if (!flask) bench.say('Flask, scikit-learn or a MySQL driver is not installed: no Flask design');
  const command = [python, join(folder, 'peers/flask_design.py'), othersUrl];
  const dataset = join(root, 'model/data/dataset.csv');
  return {
    flask,
    ours: await startApi(bench, ours.apiUrl),
    'Express port': await startScript(bench, 'peers/express-port.ts', othersUrl, modelFile),
    'Express echo': await startScript(bench, 'peers/express-echo.ts'),
    'node:http echo': await startScript(bench, 'peers/node-echo.ts'),
    'Flask design':
      flask && (await startServer(bench, { name: 'flask', command: [...command, dataset, bench.folder] })),
  };
}

/** Single readings and an NDJSON stream against the real API, in turns with peers and limits. */
export async function benchIngest(bench: Bench, { rounds = 3, seconds, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const ours = await createDatabase(bench, server, { name: 'ours' });
  const othersUrl = (await createPlainDatabase(bench, server, 'others')).href;
  const connection = await mysql.createConnection(othersUrl);
  await connection.query(peerTable);
  await connection.end();
  const { flask, ...contenders } = await startContenders(bench, ours, othersUrl);
  let answered = 0;
  async function measureOurs(measure: () => Promise<Figures>): Promise<Figures> {
    const figures = await measure();
    answered += figures.answers ?? 0;
    return { ...figures, resident_mib: readResidentMib(contenders.ours.pid) };
  }
  const turns: Record<string, () => Promise<Figures>> = {};
  for (const [name, contender] of Object.entries(contenders)) {
    if (!contender) continue;
    const measure = (inFlight: number) => () => {
      const run = () => measureSingles(contender, inFlight, seconds);
      return name === 'ours' ? measureOurs(run) : run();
    };
    turns[`64: ${name}`] = measure(64);
    if (['ours', 'Express port', 'Express echo'].includes(name)) turns[`1: ${name}`] = measure(1);
  }
  turns['NDJSON: ours'] = () => measureOurs(() => measureStream(contenders.ours, seconds));
  turns['raw INSERT'] = async () => {
    const task = { databaseUrl: othersUrl, seconds };
    return (await runScript(join(folder, 'peers/raw-insert.ts'), task)) as Figures; // as it prints
  };
  const measured = await runRounds({ bench, rounds, contenders: turns });
  const columns = { per_second: 'readings/s', p50_ms: 'p50 ms', p99_ms: 'p99 ms' };
  const goals = listGoals(measured);
  bench.say(`\n${toMediansTable('in flight: medians', measured, columns)}`);
  bench.say(`\n${toGoalsTable('ours, medians of the ratios of each round', goals)}`);
  await checkStored(ours, answered);
  bench.say('\nevery reading that was answered is stored and rolled up once');
  return { machine: describeMachine(), server: server.settings, flask, seconds, goals, rounds: measured };
}
