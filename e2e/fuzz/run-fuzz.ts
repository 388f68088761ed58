import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningApi, startApi } from '../testing/start-api.ts';
import { checkStored } from './check-stored.ts';
import { drawRequest, type FuzzRequest } from './draw-request.ts';
import { judge, type StoredAnswer } from './oracle.ts';
import { createFindings, escapeRequest, type Findings, type FuzzReport } from './report.ts';
import { type ClientReport, runClient } from './well-behaved-client.ts';
import { deliver } from './wire.ts';

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
  /** Another program of the API. */
  program?: string | undefined;
  /** Ends the run early. */
  signal?: AbortSignal | undefined;
}

interface Run {
  options: FuzzOptions;
  api: RunningApi;
  findings: Findings;
  stored: Map<string, StoredAnswer>;
  statuses: Map<number, number>;
  underWay: Set<FuzzRequest>;
}

async function sendOne(run: Run, index: number): Promise<void> {
  const { options, api, findings, stored, statuses, underWay } = run;
  const request = drawRequest(options.seed, { index, host: `127.0.0.1:${api.port}` });
  if (options.only !== undefined) process.stdout.write(`${escapeRequest(request)}\n`);
  underWay.add(request);
  const delivered = await deliver(api.port, request);
  if (api.process.hasExited()) return; // the requests that are still under way are named together
  underWay.delete(request);
  for (const answer of delivered.answers) {
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (options.only !== undefined)
      process.stdout.write(`${answer.status}: ${answer.body.toString().slice(0, 2000)}\n`);
  }
  const judged = judge(delivered, request);
  for (const reading of judged.stored) stored.set(reading.id, reading);
  for (const violation of judged.violations) findings.add(violation, request);
}

/** Sends the requests, several at once; resolves with how many were sent. */
async function sendAll(run: Run): Promise<number> {
  const { requests, only, signal } = run.options;
  let next = only ?? 0;
  const end = only === undefined ? requests : only + 1;
  const first = next;
  const isOver = () => next >= end || run.api.process.hasExited() || (signal?.aborted ?? false);
  async function work(): Promise<void> {
    while (!isOver()) await sendOne(run, next++);
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  return next - first;
}

function addClients({ findings, stored }: Run, reports: readonly ClientReport[]): void {
  for (const { answered, faults } of reports) {
    for (const fault of faults) findings.add({ rule: 'client', kind: fault });
    for (const reading of answered) stored.set(reading.id, reading);
    if (answered.length === 0)
      findings.add({ rule: 'client', kind: 'no reading of a well-behaved client was answered' });
  }
}

/** Checks that need every answer. */
async function checkEnd(run: Run): Promise<void> {
  const { api, findings, stored, underWay, options } = run;
  if (api.process.hasExited())
    findings.add({
      rule: 'alive',
      kind: `the API ended with ${await api.process.exited}; the requests under way follow`,
    });
  for (const request of underWay) findings.add({ rule: 'alive', kind: `request ${request.index}` }, request);
  for (const { kind, text, index } of await checkStored(api.databaseUrl, stored)) {
    const request =
      index === undefined ? undefined : drawRequest(options.seed, { index, host: `127.0.0.1:${api.port}` });
    findings.add({ rule: 'stored', kind, answer: text }, request);
  }
}

/** Starts an API on an empty database, sends it random requests, and checks the answers and the rows. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, adminUrl, program } = options;
  const started = performance.now();
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-'));
  const findings = createFindings(seed);
  const api = await startApi({ adminUrl, directory, settings, program });
  const run: Run = { options, api, findings, stored: new Map(), statuses: new Map(), underWay: new Set() };
  let isOver = false;
  try {
    const clients = Array.from({ length: clientCount }, (_, at) =>
      runClient({ url: api.url, name: `well-behaved-${at}` }, () => isOver),
    );
    const sent = await sendAll(run).finally(() => {
      isOver = true;
    });
    const reports = await Promise.all(clients);
    addClients(run, reports);
    await checkEnd(run);
    const hasDied = api.process.hasExited();
    const ended = await api.stop();
    if (!hasDied && ended !== 'exit code 0')
      findings.add({ rule: 'alive', kind: `SIGTERM ended the API with ${ended}` });
    return {
      seed,
      sent,
      statuses: Object.fromEntries(run.statuses),
      stored: run.stored.size,
      clientReadings: reports.reduce((sum, { answered }) => sum + answered.length, 0),
      clientRetries: reports.reduce((sum, { retries }) => sum + retries, 0),
      durationMs: performance.now() - started,
      broken: findings.broken(),
      ...(Object.keys(findings.broken()).length > 0 && { logs: directory }),
    };
  } finally {
    api.process.signal('SIGKILL'); // gone already, unless something above failed
    await api.process.exited;
    if (Object.keys(findings.broken()).length === 0) rmSync(directory, { recursive: true, force: true });
  }
}
