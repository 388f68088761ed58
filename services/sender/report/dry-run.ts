import { createBoundedLog, type Log } from '../log.ts';
import type { Row, RowReader } from '../source/row-reader.ts';

const shownRows = 3;

export interface DryRunOptions {
  reader: RowReader;
  names: { replay: string; sender: string; sensorId: string };
  mode: 'share' | 'copy';
  timestamps: 'arrival' | 'file' | 'now';
  speed: number;
  rate: number;
  loops: number;
  log: Log;
}

export type DryRunReport = Awaited<ReturnType<typeof dryRun>>;

/** Reads the whole file and reports what would be sent, and how long it would take. @throws FileFault */
export async function dryRun(options: DryRunOptions) {
  const { reader, names, mode, loops, log } = options;
  const { layout, state } = reader;
  const logBadRow = createBoundedLog({ log, kind: 'bad rows' });
  const tally = createTally();
  for await (const part of reader.read(0, Number.MAX_SAFE_INTEGER - 1)) {
    for (const row of part) {
      tally.add(row);
      if ('fault' in row) logBadRow(`${reader.name}:${row.line}: ${row.fault}`);
    }
  }
  const columns = [...layout.positions].map(([name, position]) => [name, position + 1]);
  const totals = tally.totals();
  return {
    file: reader.name,
    bytes: state.bytes,
    mode,
    replay: names.replay,
    sender: names.sender,
    sensor_id: names.sensorId,
    delimiter: layout.delimiter,
    decimal_comma: layout.hasDecimalComma,
    columns: Object.fromEntries(columns),
    label: layout.label?.name ?? null,
    ignored: layout.ignored,
    ...totals,
    loops,
    duration_s: toDurationS(options, totals),
  };
}

/** The duration of one loop and of all; null: it depends on the API, or has no end. */
function toDurationS(
  { timestamps, speed, rate, loops }: DryRunOptions,
  { rows, length_ms }: { rows: number; length_ms: number },
) {
  const usesFileTime = timestamps !== 'arrival' && speed > 0;
  const loopS = usesFileTime ? length_ms / speed / 1000 : rate > 0 ? rows / rate : null;
  return { of_a_loop: loopS, in_all: loopS === null || loops === 0 ? null : loopS * loops };
}

function createTally() {
  let [rows, bad_rows, labels, labeled_anomalies] = [0, 0, 0, 0];
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
      labeled_anomalies += row.label ?? 0;
      fromMs = Math.min(fromMs, row.timestampMs ?? fromMs);
      toMs = Math.max(toMs, row.timestampMs ?? toMs);
    },
    totals: () => {
      const [from, to] = [toIso(fromMs), toIso(toMs)];
      return { rows, bad_rows, labels, labeled_anomalies, length_ms, first, from, to };
    },
  };
}

function toIso(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

export function formatDryRun(report: DryRunReport): string {
  const { columns, duration_s, first, length_ms: _, ...figures } = report;
  const positions = Object.entries(columns).map(([name, position]) => `${name}: ${position}`);
  const byApi = 'depends on the API';
  const rows = [
    ...Object.entries(figures).map(([name, value]) => [name.replaceAll('_', ' '), toText(value)]),
    ['columns', positions.join(', ')],
    ['one loop', toDuration(duration_s.of_a_loop, byApi)],
    ['all loops', toDuration(duration_s.in_all, report.loops === 0 ? 'endless' : byApi)],
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
