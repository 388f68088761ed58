import { v7 as createUuid } from 'uuid';
import { findMax, type Limits, type MaxFound } from './load/find-max.ts';
import { createMeasures } from './load/measures.ts';
import type { Outgoing } from './load/outgoing.ts';
import { type Load, runLoad } from './load/run-load.ts';
import { createOutageLog, type Log } from './log.ts';
import { FileFault } from './source/file-state.ts';
import { type RowReader, toNoValidRow } from './source/row-reader.ts';

const maxSampleRows = 10_000;
const startRate = 100;
/** Separates the readings of a probe from real ones. */
const sensorId = 'find-max';

interface ProbeOptions {
  reader: RowReader;
  load: Load;
  limits: Limits;
  holdMs: number;
  log: Log;
}

/** Finds the highest rate that the API holds, sending the first rows of the file again and again. @throws FileFault */
export async function probeMaxRate({ reader, load, limits, holdMs, log }: ProbeOptions): Promise<MaxFound> {
  const { clock, stop } = load;
  const requests = { ...load.requests, late: 'drop' as const };
  const outages = createOutageLog({ log: () => undefined, clock });
  const sample = await takeSample(reader);

  async function send(rowsPerSecond: number, durationMs: number) {
    const measures = createMeasures({ clock });
    const rows = toRows(sample, { rowsPerSecond, durationMs, startMs: clock.elapsed() });
    try {
      await runLoad(rows, () => undefined, { ...load, requests, measures, outages });
      return measures.report();
    } finally {
      measures.close();
    }
  }

  return findMax({ send, startRate, limits, holdMs, log, stop });
}

async function takeSample(reader: RowReader): Promise<Outgoing[]> {
  const sample: Outgoing[] = [];
  for await (const part of reader.read(0, maxSampleRows)) {
    for (const row of part) {
      if ('reading' in row)
        sample.push({ line: row.line, reading: { ...row.reading, sensor_id: sensorId, id: '' } });
    }
  }
  if (sample.length === 0) throw new FileFault(toNoValidRow(reader.name));
  return sample;
}

interface Step {
  rowsPerSecond: number;
  durationMs: number;
  startMs: number;
}

async function* toRows(
  sample: readonly Outgoing[],
  { rowsPerSecond, durationMs, startMs }: Step,
): AsyncGenerator<Outgoing> {
  const count = Math.ceil((rowsPerSecond * durationMs) / 1000);
  for (let index = 0; index < count; index += 1) {
    const row = sample[index % sample.length];
    if (row === undefined) return;
    const dueAtMs = startMs + (index * 1000) / rowsPerSecond;
    yield { line: row.line, reading: { ...row.reading, id: createUuid() }, dueAtMs };
  }
}

export function formatMaxRate({ heldRate, held, limitedBy, senderLimit }: MaxFound): string {
  const rate = heldRate === null ? 'no rate was held' : `held: ${heldRate} rows/s`;
  const p99 = held?.latency_ms ? `, p99 ${held.latency_ms.p99.toFixed(1)} ms` : '';
  const limit = limitedBy === null ? '' : `\nlimit broken by the next higher rate: ${limitedBy}`;
  return `${rate}${p99}${limit}${senderLimit === null ? '' : `\n${senderLimit}`}\n`;
}
