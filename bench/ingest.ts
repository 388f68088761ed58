import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { type Bench, type Figures, type Flags, readResidentMib, runScript } from './bench.ts';
import {
  type Goal,
  listFigures,
  medianRatio,
  printGoals,
  printMedians,
  type Round,
  runRounds,
} from './rounds.ts';
import {
  createDatabase,
  type HttpServer,
  modelFile,
  provideServer,
  root,
  startApi,
  startPeer,
  startServer,
} from './servers.ts';

/** Single readings, each connection sending the next when the last is answered. */
export function measureSingles({ port }: HttpServer, inFlight: number, seconds: number): Promise<Figures> {
  return runScript('load/single-readings.ts', port, inFlight, seconds);
}

export function measureStream({ port }: HttpServer, seconds: number): Promise<Figures> {
  return runScript('load/ndjson.ts', port, seconds);
}

const peerTable = `CREATE TABLE sensor_readings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL, sound_volume DOUBLE NOT NULL, prediction INT NOT NULL
) ENGINE = InnoDB`;

/** @throws Error unless exactly the readings that were answered are stored, and rolled up, once */
async function checkStored(adminUrl: string, answered: number): Promise<void> {
  const connection = await mysql.createConnection(adminUrl);
  const countDeltas = async () =>
    (await connection.query<RowDataPacket[]>('SELECT 1 FROM rollup_deltas'))[0].length;
  for (let wait = 0; wait < 100 && (await countDeltas()) > 0; wait++) await delay(100);
  const [[counts]] = await connection.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM readings) AS all_rows,
      (SELECT COALESCE(SUM(JSON_EXTRACT(rollup, '$.count')), 0) FROM rollups_hour WHERE sensor = 0) AS rolled_up`,
  );
  await connection.end();
  const [stored, rolledUp] = [Number(counts?.all_rows), Number(counts?.rolled_up)];
  if (stored !== answered || rolledUp !== answered)
    throw new Error(`${answered} readings were answered, ${stored} are stored and ${rolledUp} rolled up`);
}

function listGoals(rounds: readonly Round[]): Goal[] {
  const rate = (other: string) => medianRatio(rounds, ['64: ours', other], 'per_second');
  const p99 = medianRatio(rounds, ['64: ours', '64: Express echo'], 'p99_ms');
  const p50 = medianRatio(rounds, ['1: ours', '1: Express port'], 'p50_ms');
  const ndjson = medianRatio(rounds, ['NDJSON: ours', 'raw INSERT'], 'per_second');
  const memory = listFigures(rounds, '64: ours', 'resident_mib');
  const growth = (memory.at(-1) ?? Number.NaN) / (memory[0] ?? Number.NaN);
  return [
    { what: 'rate / Flask design', measured: rate('64: Flask design'), atLeast: 20 },
    { what: 'rate / Express port', measured: rate('64: Express port'), atLeast: 3.5 },
    { what: 'rate / Express echo', measured: rate('64: Express echo'), atLeast: 1 },
    { what: 'rate / node:http echo', measured: rate('64: node:http echo'), atLeast: 0.7 },
    { what: 'p99 / Express echo', measured: p99, atMost: 2 },
    { what: 'p50 of 1 / Express port', measured: p50, atMost: 1.1 },
    { what: 'NDJSON / raw INSERT', measured: ndjson, atLeast: 0.75 },
    { what: 'resident memory in MiB, most', measured: Math.max(...memory), atMost: 250 },
    { what: 'memory, last round / first', measured: growth, atMost: 1.1 },
  ];
}

/** Undefined where a part of it is not installed. */
async function startFlask(bench: Bench, databaseUrl: string): Promise<HttpServer | undefined> {
  if (spawnSync('python3', ['-c', 'import flask, sklearn, pymysql']).status !== 0) {
    console.log('Flask, scikit-learn or PyMySQL is not installed: no Flask design');
    return undefined;
  }
  const script = join(import.meta.dirname, 'peers/flask_design.py');
  const dataset = join(root, 'model/data/dataset.csv');
  return startServer(bench, {
    name: 'flask',
    command: ['python3', script, databaseUrl, dataset, bench.folder],
  });
}

/** Single readings and an NDJSON stream against the real API, in turns with peers and limits. */
export async function benchIngest(bench: Bench, { rounds = 3, seconds, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const ours = await startApi(bench, server, { name: 'ours' });
  const { href: peerUrl } = await createDatabase(bench, server, 'peers');
  const connection = await mysql.createConnection(peerUrl);
  await connection.query(peerTable);
  await connection.end();
  const port = await startPeer(bench, 'express-port', peerUrl, modelFile);
  const expressEcho = await startPeer(bench, 'express-echo');
  const nodeEcho = await startPeer(bench, 'node-echo');
  const flask = await startFlask(bench, peerUrl);
  let answered = 0;
  async function measureOurs(figures: Promise<Figures>): Promise<Figures> {
    answered += (await figures).answers ?? 0;
    return { ...(await figures), resident_mib: readResidentMib(ours.pid) };
  }
  const measured = await runRounds(rounds, {
    '64: ours': () => measureOurs(measureSingles(ours, 64, seconds)),
    '64: Express port': () => measureSingles(port, 64, seconds),
    ...(flask && { '64: Flask design': () => measureSingles(flask, 64, seconds) }),
    '64: Express echo': () => measureSingles(expressEcho, 64, seconds),
    '64: node:http echo': () => measureSingles(nodeEcho, 64, seconds),
    '1: ours': () => measureOurs(measureSingles(ours, 1, seconds)),
    '1: Express port': () => measureSingles(port, 1, seconds),
    '1: Express echo': () => measureSingles(expressEcho, 1, seconds),
    'NDJSON: ours': () => measureOurs(measureStream(ours, seconds)),
    'raw INSERT': () => runScript('peers/raw-insert.ts', peerUrl, seconds),
  });
  const goals = listGoals(measured);
  printMedians('readings in flight: contender; medians', measured);
  printGoals('ours; medians of the ratios of each round', goals);
  await checkStored(ours.adminUrl, answered);
  console.log('\nevery reading that was answered is stored and rolled up once');
  return { server: server.settings, seconds, goals, rounds: measured };
}
