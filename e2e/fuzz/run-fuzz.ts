import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { type RunningApi, startApi } from '../testing/start-api.ts';
import { deliver } from './deliver.ts';
import { judge, type StoredAnswer } from './oracle.ts';
import { unwantedPrefix, unwantedSensor } from './readings.ts';
import { addFinding, describe, escapeRequest, type Findings } from './report.ts';
import { drawRequest, type FuzzRequest } from './request.ts';
import { runClient } from './well-behaved-client.ts';

const concurrency = 16;
const clientCount = 3;

/** Short, so that a request that never ends is answered soon. */
const settings = { REQUEST_TIMEOUT_MS: '3000' };

export interface FuzzOptions {
  seed: number;
  requests: number;
  /** The number of the only request that is to be sent. */
  only?: number | undefined;
  /** An account that may create databases and users. */
  adminUrl: string;
}

export interface FuzzReport {
  sent: number;
  /** Readings that were answered 200 to the well-behaved clients. */
  clientReadings: number;
  findings: Findings;
  summary: string;
}

interface Run {
  options: FuzzOptions;
  api: RunningApi;
  findings: Findings;
  stored: Map<string, StoredAnswer>;
  /** The request that sent each reading that must not be stored. */
  refused: Map<string, number>;
  statuses: Map<number, number>;
  underWay: Set<FuzzRequest>;
}

async function sendOne({ options, api, findings, ...run }: Run, index: number): Promise<void> {
  const request = drawRequest(options.seed, index);
  if (options.only !== undefined) process.stdout.write(`${escapeRequest(request)}\n`);
  run.underWay.add(request);
  const delivered = await deliver(api.port, request);
  if (api.process.hasExited()) return; // the requests that are still under way are named together
  run.underWay.delete(request);
  const { answer } = delivered;
  if (answer) run.statuses.set(answer.status, (run.statuses.get(answer.status) ?? 0) + 1);
  if (answer && options.only !== undefined) process.stdout.write(`${answer.status}: ${answer.body}\n`);
  const judged = judge(delivered, request);
  for (const reading of judged.stored) run.stored.set(reading.id, reading);
  for (const id of judged.refusedIds) run.refused.set(id, index);
  for (const violation of judged.violations) addFinding(findings, violation, describe(request, answer));
}

/** Sends the requests, several at once; resolves with how many were sent. */
async function sendAll(run: Run): Promise<number> {
  const { requests, only } = run.options;
  const first = only ?? 0;
  const end = only === undefined ? requests : only + 1;
  let next = first;
  async function work(): Promise<void> {
    while (next < end && !run.api.process.hasExited()) await sendOne(run, next++);
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  return next - first;
}

type Row = RowDataPacket & { id: string; sensor_id: string; copies: number };
const sql = `SELECT MIN(sensors.name) AS sensor_id, COUNT(*) AS copies,
  LOWER(INSERT(INSERT(INSERT(INSERT(HEX(readings.id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) AS id
  FROM readings JOIN sensors ON sensors.id = sensor GROUP BY readings.id`;

/** Compares the rows of the database with the answers, by the sensor and id of each. */
async function checkStored({ api, findings, stored, refused }: Run): Promise<void> {
  const connection = await mysql.createConnection(api.databaseUrl);
  const [rows] = await connection.query<Row[]>(sql).finally(() => connection.end());
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  for (const { id, sensor_id } of stored.values()) {
    const row = rowsById.get(id);
    const found = `${row?.copies ?? 0} times, of sensor ${row?.sensor_id}`;
    if (row?.copies !== 1 || row.sensor_id !== sensor_id)
      addFinding(
        findings,
        ['stored', 'a reading answered 200 is not'],
        `${id} of ${sensor_id} is stored ${found}`,
      );
  }
  for (const { id, sensor_id } of rows) {
    const isUnwanted = id.startsWith(unwantedPrefix) || sensor_id === unwantedSensor || refused.has(id);
    if (isUnwanted)
      addFinding(findings, ['stored', 'an invalid or refused one is'], `${id} of request ${refused.get(id)}`);
  }
}

/** Sends what a run sends, beside well-behaved clients, and checks what needs every answer. */
async function fuzz(run: Run): Promise<FuzzReport> {
  const started = performance.now();
  const { api, findings, stored, statuses } = run;
  let isOver = false;
  const clients = Array.from({ length: clientCount }, (_, at) =>
    runClient(api.url, `well-behaved-${at}`, () => isOver),
  );
  const sent = await sendAll(run).finally(() => {
    isOver = true;
  });
  const reports = await Promise.all(clients);
  for (const { answered, faults } of reports) {
    for (const reading of answered) stored.set(reading.id, reading);
    for (const fault of faults) addFinding(findings, ['client', fault], '');
    if (answered.length === 0) addFinding(findings, ['client', 'no reading was answered'], '');
  }
  await checkStored(run);
  const hasDied = api.process.hasExited();
  const ended = await api.stop();
  if (hasDied || ended !== 'exit code 0') addFinding(findings, ['alive', `the API ended with ${ended}`], '');
  for (const request of run.underWay)
    addFinding(findings, ['alive', `request ${request.index}`], describe(request, undefined));
  const clientReadings = reports.reduce((sum, { answered }) => sum + answered.length, 0);
  const retries = reports.reduce((sum, report) => sum + report.retries, 0);
  const counts = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
  const summary = [
    `${sent} requests in ${Math.round((performance.now() - started) / 1000)} s; answers: ${counts}`,
    `${stored.size} readings answered 200, ${clientReadings} of them to well-behaved clients, after ${retries} retries`,
  ];
  return { sent, clientReadings, findings, summary: summary.join('\n') };
}

/** Starts an API on an empty database, sends it random requests, and checks the answers and the rows. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-'));
  const api = await startApi({ adminUrl: options.adminUrl, directory, settings });
  const findings: Findings = new Map();
  const run = {
    options,
    api,
    findings,
    stored: new Map(),
    refused: new Map(),
    statuses: new Map(),
    underWay: new Set<FuzzRequest>(),
  };
  try {
    const report = await fuzz(run);
    const logs = findings.size === 0 ? '' : `\nAPI log: ${directory}`;
    return { ...report, summary: report.summary + logs };
  } finally {
    api.process.signal('SIGKILL'); // gone already, unless something above failed
    await api.process.exited;
    if (findings.size === 0) rmSync(directory, { recursive: true, force: true });
  }
}
