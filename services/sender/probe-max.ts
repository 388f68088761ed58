import { v7 as createUuid } from 'uuid';
import type { Config } from './config/config-schema.ts';
import type { Options } from './config/options.ts';
import { findMax, type MaxFound } from './load/find-max.ts';
import type { Outgoing } from './load/outgoing.ts';
import { runLoad } from './load/run-load.ts';
import { type Source, toNoRow } from './prepare.ts';
import { createMeasures } from './report/measures.ts';
import type { LoadOptions } from './sharing/replay-file.ts';
import { FileFault } from './source/file-fault.ts';

const maxReadings = 10_000;
const startRate = 100;
/** So that what was sent can be told from real readings. */
const sensorId = 'find-max';

type Sample = Pick<Outgoing, 'line' | 'reading'>[];
type Probing = {
  config: Config;
  options: Options;
  source: Source;
  load: LoadOptions;
  say: (line: string) => void;
};

/** The highest rate that the API holds, with readings of the file over and over. @throws FileFault */
export async function probeMax({ config, options, source, load, say }: Probing): Promise<MaxFound> {
  const { clock, stop } = load;
  const sample = await takeSample(source);

  async function send(rowsPerSecond: number, durationMs: number) {
    const measures = createMeasures({ clock });
    const rows = toRows(sample, { rowsPerSecond, durationMs, startMs: clock.elapsed() });
    try {
      await runLoad({ ...load, ...config, measures, rows, late: 'drop', onSettled: () => {} });
      return measures.report();
    } finally {
      measures.close();
    }
  }

  return findMax({ send, startRate, limits: options.findMax, holdMs: options.findMax.holdMs, say, stop });
}

async function takeSample({ reader }: Source): Promise<Sample> {
  const sample: Sample = [];
  for await (const part of reader.read(0, maxReadings)) {
    for (const row of part) {
      if ('reading' in row)
        sample.push({ line: row.line, reading: { ...row.reading, sensor_id: sensorId, id: '' } });
    }
  }
  if (sample.length === 0) throw new FileFault(toNoRow(reader));
  return sample;
}

type Step = { rowsPerSecond: number; durationMs: number; startMs: number };

async function* toRows(
  sample: Sample,
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

export function formatMax({ heldRate, held, limitedBy, senderLimit }: MaxFound): string {
  const rate = heldRate === null ? 'no rate was held' : `held: ${heldRate} rows/s`;
  const p99 = held?.latency_ms ? `, p99 ${held.latency_ms.p99.toFixed(1)} ms` : '';
  const limit = limitedBy === null ? '' : `\nthe next higher rate: ${limitedBy}`;
  return `${rate}${p99}${limit}${senderLimit === null ? '' : `\n${senderLimit}`}\n`;
}
