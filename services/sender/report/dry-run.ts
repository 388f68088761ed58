import { toShortList } from '@sensor-sentinel/model/table';
import type { Config } from '../config/settings.ts';
import { createBoundedLog, type Log } from '../log.ts';
import { listRemarks } from '../prepare-rows.ts';
import { createTimeCheck } from '../source/check-times.ts';
import type { Layout } from '../source/layout.ts';
import type { Table } from '../source/open-table.ts';
import type { Row, RowReader } from '../source/row-reader.ts';
import { createRowTally } from '../source/row-tally.ts';

const shownRows = 3;

export interface DryRunOptions {
  config: Config;
  table: Table;
  reader: RowReader;
  names: { replay: string; sender: string; sensorId: string };
  loops: number;
  nowMs: number;
  log: Log;
}

export type DryRunReport = Awaited<ReturnType<typeof dryRun>>;

/** Reads the whole file and reports what would be sent, and how long it would take. @throws FileFault */
export async function dryRun(options: DryRunOptions) {
  const { config, table, reader, names, loops, nowMs, log } = options;
  const { name, layout, state } = reader;
  const logBadRow = createBoundedLog({ log, kind: 'bad rows' });
  const tally = createTally(config.timestamps);
  const reasons = createRowTally({ name, choice: layout.choice });
  const check = createTimeCheck({ name, nowMs });
  for await (const part of reader.read(0, Number.MAX_SAFE_INTEGER - 1)) {
    for (const row of part) {
      tally.add(row);
      if ('reading' in row) check.add(row);
      reasons.add(row);
      if ('fault' in row) logBadRow(`${name}:${row.line}: ${row.fault}`);
    }
  }
  const pause = check.endlessPause();
  const warnings = [
    ...listRemarks(config, table, layout),
    ...(layout.time === undefined ? [] : check.describe(layout.time)),
    ...(pause !== undefined && config.maxGapMs === 0 ? [`${pause}, which is refused without --max-gap`] : []),
    ...reasons.describe(),
  ];
  for (const warning of warnings) log(warning);
  const totals = tally.totals();
  return {
    ...{ file: name, bytes: state.bytes, mode: config.mode },
    ...{ replay: names.replay, sender: names.sender, sensor_id: names.sensorId },
    ...describeLayout(layout),
    encoding: table.encoding,
    ...totals,
    rate: config.rate,
    loops,
    duration_s: toDurationS(options, totals),
    warnings,
  };
}

/** How the file is read. */
function describeLayout({ survey, choice, features, sensorPositions, time, label, ignored }: Layout) {
  const { frame, roles } = survey;
  const positions = new Map(features.map((feature) => [feature.name, feature.position + 1]));
  const [sensor] = sensorPositions;
  if (sensor !== undefined) positions.set('sensor_id', sensor + 1);
  if (time !== undefined) positions.set('timestamp', (time.positions[0] ?? 0) + 1);
  return {
    type: choice.name,
    is_new_type: choice.isNew,
    columns: Object.fromEntries([...positions].toSorted(([, a], [, b]) => a - b)),
    units: Object.fromEntries(choice.features.map((feature) => [feature.name, feature.unit])),
    header_line: frame.headerLine,
    delimiter: frame.delimiter,
    decimal_comma: roles.numberFormat.decimal === ',',
    time_format: time?.format ?? null,
    time_zone: time?.timeZone ?? null,
    label: label?.text ?? null,
    ignored: ignored.map(({ heading, reason }) => `${heading} (${reason})`),
  };
}

/** The duration of one loop and of all; null: it depends on the API, or has no end. */
function toDurationS(
  { config: { timestamps, speed, rate }, loops }: DryRunOptions,
  { rows, length_ms }: { rows: number; length_ms: number },
) {
  const usesFileTime = timestamps !== 'arrival' && speed > 0;
  const loopS = usesFileTime ? length_ms / speed / 1000 : rate > 0 ? rows / rate : null;
  return { of_a_loop: loopS, in_all: loopS === null || loops === 0 ? null : loopS * loops };
}

function createTally(timestamps: Config['timestamps']) {
  let [rows, bad_rows, skipped_rows, labels, labeled_anomalies] = [0, 0, 0, 0, 0];
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let length_ms = 0;
  const first: { line: number; reading: unknown }[] = [];
  return {
    add(row: Row): void {
      rows += 1;
      length_ms = row.moment.offsetMs;
      if (!('reading' in row)) {
        if ('fault' in row) bad_rows += 1;
        else skipped_rows += 1;
        return;
      }
      const timestamp = timestamps === 'file' && toIso(row.timestampMs ?? Number.NaN);
      if (first.length < shownRows)
        first.push({ line: row.line, reading: { ...row.reading, ...(timestamp && { timestamp }) } });
      if (row.label !== undefined) labels += 1;
      labeled_anomalies += row.label ?? 0;
      fromMs = Math.min(fromMs, row.timestampMs ?? fromMs);
      toMs = Math.max(toMs, row.timestampMs ?? toMs);
    },
    totals: () => {
      const [from, to] = [toIso(fromMs), toIso(toMs)];
      return { rows, bad_rows, skipped_rows, labels, labeled_anomalies, length_ms, first, from, to };
    },
  };
}

function toIso(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

export function formatDryRun(report: DryRunReport): string {
  const { columns, units, duration_s, first, length_ms: _, warnings: __, ...figures } = report;
  const unitOf = new Map(Object.entries(units));
  const positions = Object.entries(columns).map(([name, position]) => {
    const unit = unitOf.get(name) ?? '';
    return `${name}${unit === '' ? '' : ` [${unit}]`}: ${position}`;
  });
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
  return Array.isArray(value) ? toShortList(value) : String(value);
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
