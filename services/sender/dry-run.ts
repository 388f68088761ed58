import { createBoundedLog, type Log } from './bounded-log.ts';
import type { Config } from './config/config-schema.ts';
import type { Source } from './prepare.ts';
import { maxNamedFaults } from './sharing/start-replay.ts';
import type { Row } from './source/row-reader.ts';

const shownRows = 3;

type DryRun = { config: Config; source: Source; log: Log };
export type DryRunReport = Awaited<ReturnType<typeof dryRun>>;

/** What would be sent, and for how long; reads the whole file. @throws FileFault */
export async function dryRun({ config, source, log }: DryRun) {
  const { reader, names } = source;
  const { layout, state } = reader;
  const logBadRow = createBoundedLog({ log, limit: maxNamedFaults, kind: 'bad rows' });
  const tally = createTally();
  for await (const part of reader.read(0, Number.MAX_SAFE_INTEGER - 1)) {
    for (const row of part) {
      tally.add(row);
      if ('fault' in row) logBadRow(`${reader.name}:${row.line}: ${row.fault}`);
    }
  }
  const columns = [...layout.positions].map(([name, position]) => [name, position + 1]);
  const seen = tally.sum();
  return {
    ...{ file: reader.name, bytes: state.bytes, mode: config.mode },
    ...{ replay: names.replay, sender: names.sender, sensor_id: names.sensorId },
    delimiter: layout.delimiter,
    decimal_comma: layout.hasDecimalComma,
    columns: Object.fromEntries(columns),
    label: layout.label?.name ?? null,
    ignored: layout.ignored,
    ...seen,
    loops: state.fingerprint === null ? 1 : config.loops,
    duration_s: toDurationS({ config, rows: seen.rows, lengthMs: seen.length_ms, state }),
  };
}

/** Of one loop, and of all; null: as fast as the API answers, or for ever. */
function toDurationS({ config, rows, lengthMs, state }: Timed) {
  const { timestamps, speed, rate } = config;
  const isSpaced = timestamps !== 'arrival' && speed > 0;
  const loopS = isSpaced ? lengthMs / speed / 1000 : rate > 0 ? rows / rate : null;
  const loops = state.fingerprint === null ? 1 : config.loops;
  return { of_a_loop: loopS, in_all: loopS === null || loops === 0 ? null : loopS * loops };
}

type Timed = { config: Config; rows: number; lengthMs: number; state: { fingerprint: string | null } };

function createTally() {
  let [rows, bad_rows, labels, labelled_anomalies] = [0, 0, 0, 0];
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let length_ms = 0;
  const first: { line: number; reading: unknown }[] = [];
  return {
    add(row: Row): void {
      rows += 1;
      length_ms = row.moment.offsetMs;
      if ('fault' in row) {
        bad_rows += 1;
        return;
      }
      if (first.length < shownRows) first.push({ line: row.line, reading: row.reading });
      if (row.label !== undefined) labels += 1;
      labelled_anomalies += row.label ?? 0;
      fromMs = Math.min(fromMs, row.timestampMs ?? fromMs);
      toMs = Math.max(toMs, row.timestampMs ?? toMs);
    },
    sum: () => ({
      ...{ rows, bad_rows, labels, labelled_anomalies, length_ms, first },
      from: toIso(fromMs),
      to: toIso(toMs),
    }),
  };
}

function toIso(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

export function formatDryRun(report: DryRunReport): string {
  const { columns, duration_s, first, length_ms: _, ...figures } = report;
  const understood = Object.entries(columns).map(([name, position]) => `${name}: ${position}`);
  const rows = [
    ...Object.entries(figures).map(([name, value]) => [name.replaceAll('_', ' '), toText(value)]),
    ['columns', understood.join(', ')],
    ['a loop takes', toDuration(duration_s.of_a_loop, 'as long as the API takes')],
    ['in all', toDuration(duration_s.in_all, report.loops === 0 ? 'for ever' : 'as long as the API takes')],
    ...first.map(({ line, reading }) => [`line ${line}`, JSON.stringify(reading)]),
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', value = '']) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function toText(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '–';
  if (value === '\t') return 'tab';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function toDuration(seconds: number | null, otherwise: string): string {
  if (seconds === null) return otherwise;
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const unit = units.find(([length]) => seconds >= 2 * length);
  return unit === undefined ? `${round(seconds)} s` : `${round(seconds / unit[0])} ${unit[1]}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
