import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './measuring/machine.ts';
import { startArrivals } from './reads/arrivals.ts';
import { type Filling, fill, toSensorId } from './reads/fill.ts';
import { measureQuestions } from './reads/measure-questions.ts';
import { listQuestions } from './reads/questions.ts';
import { type Filled, toReadsTable } from './reads/summary.ts';
import {
  createDatabase,
  type DatabaseServer,
  describeSettings,
  makePassword,
  provideServer,
} from './system/database.ts';
import { startApi } from './system/http-server.ts';
import { createStack, type Stack } from './system/stack.ts';

export interface ReadsOptions {
  /** How often each question is asked. */
  rounds: number;
  rows: readonly number[];
  sensors: readonly number[];
  databaseUrl: string | undefined;
  stack: Stack;
  say: (line: string) => void;
}

interface Surroundings {
  server: DatabaseServer;
  apiPassword: string;
  folder: string;
  rounds: number;
  say: (line: string) => void;
}

const arrivalsPerSecond = 500;

async function measureFilled(filling: Filling, around: Surroundings, stack: Stack): Promise<Filled> {
  const { server, apiPassword, folder, rounds, say } = around;
  const { rows, sensors } = filling;
  const name = `sentinel_bench_${process.pid}_${sensors}_${rows}`;
  const database = await createDatabase({ server, name, apiPassword, folder, stack });
  const { seconds } = await fill(database, filling);
  say(`${rows.toLocaleString('en')} rows of ${sensors} sensors: filled in ${seconds.toFixed(0)} s`);
  const { port } = await startApi({ databaseUrl: database.apiUrl, folder, stack });
  const sensorIds = Array.from({ length: sensors }, (_, sensor) => toSensorId(sensor));
  const arrivals = startArrivals({ port, perSecond: arrivalsPerSecond, sensorIds });
  stack.defer(() => arrivals.stop());
  const questions = await listQuestions(port, undefined);
  if (sensors > 1) questions.push(...(await listQuestions(port, sensorIds[0])));
  const measured = await measureQuestions(port, { questions, rounds });
  return { rows, sensors, fill_seconds: seconds, arrived: await arrivals.stop(), questions: measured };
}

/** The dashboard's questions at several numbers of rows, each in a database of its own that is dropped afterwards. */
export async function benchReads({ rounds, rows, sensors, databaseUrl, stack, say }: ReadsOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-reads-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await provideServer({ databaseUrl, folder, stack, say });
  say(`${describeSettings(server)}\n`);
  const around = { server, apiPassword: makePassword(), folder, rounds, say };
  const filled: Filled[] = [];
  for (const sensorCount of sensors) {
    for (const rowCount of rows) {
      const inner = createStack();
      stack.defer(inner.unwind);
      filled.push(await measureFilled({ rows: rowCount, sensors: sensorCount }, around, inner));
      await inner.unwind();
    }
    say(`\n${toReadsTable(filled.filter((one) => one.sensors === sensorCount))}\n`);
  }
  return { machine: describeMachine(), server: server.settings, rounds, filled };
}
