import type { Fleet, FleetIncident, FleetSensor } from '@sensor-sentinel/contracts';
import { type TimeWindow, toWindow } from '../time/time-window.ts';

/** One bucket of one sensor. It is `silent` if it has no readings because the sensor was silent, and `empty` if the sensor was not. */
export interface Cell {
  fromMs: number;
  toMs: number;
  kind: 'readings' | 'empty' | 'silent';
  readings: number;
  anomalies: number;
}

/** The buckets of a sensor up to the time of the answer. */
export function toCells(fleet: Fleet, sensor: FleetSensor): Cell[] {
  const startMs = Date.parse(fleet.start);
  const asOfMs = Date.parse(fleet.as_of);
  const cells = sensor.bucket_count.map((readings, place): Cell => {
    const fromMs = startMs + place * fleet.bucket_ms;
    const anomalies = sensor.bucket_anomalies[place] ?? 0;
    const kind = readings > 0 ? 'readings' : 'empty';
    return { fromMs, toMs: fromMs + fleet.bucket_ms, kind, readings, anomalies };
  });
  const past = cells.filter(({ fromMs }) => fromMs < asOfMs);
  for (const pause of listPauses(past)) markSilence(pause, sensor, asOfMs);
  return past;
}

interface Pause {
  cells: readonly Cell[];
  /** Whether readings in the window come before, and after. */
  follows: boolean;
  isOver: boolean;
}

/** The empty buckets between and after readings; all of them without readings. */
function listPauses(cells: readonly Cell[]): Pause[] {
  const heard = cells.flatMap(({ readings }, place) => (readings > 0 ? [place] : []));
  const starts = heard.length === 0 ? [0] : heard.map((place) => place + 1);
  return starts.map((start, index) => ({
    cells: cells.slice(start, heard[index + 1]),
    follows: heard.length > 0,
    isOver: heard[index + 1] !== undefined,
  }));
}

/** A pause that lasts until now is a silence if the sensor is silent now; one of the past, if it was long enough. */
function markSilence({ cells, follows, isOver }: Pause, sensor: FleetSensor, asOfMs: number): void {
  const [fromMs, toMs] = [cells[0]?.fromMs ?? 0, cells.at(-1)?.toMs ?? 0];
  const isNow = !isOver && toMs >= asOfMs;
  const isSilence = isNow ? sensor.state === 'silent' : follows && toMs - fromMs > sensor.silent_after_ms;
  if (!isSilence) return;
  const sinceMs = isNow ? Date.parse(sensor.newest_at) : fromMs;
  for (const cell of cells) if (cell.toMs > sinceMs) cell.kind = 'silent';
}

/** From no anomalies to at least half of the readings. */
export type Level = 0 | 1 | 2 | 3 | 4;

export function toLevel({ readings, anomalies }: Pick<Cell, 'readings' | 'anomalies'>): Level {
  if (anomalies === 0) return 0;
  const share = anomalies / readings;
  if (share < 0.05) return 1;
  if (share < 0.2) return 2;
  return share < 0.5 ? 3 : 4;
}

/** The time axis. */
export interface Scale {
  fromMs: number;
  toMs: number;
  /** In pixels. */
  width: number;
}

interface Extent {
  x: number;
  width: number;
}

/** Where a row shows what, in pixels from its start. */
export interface RowShapes {
  cells: readonly (Extent & { cell: Cell })[];
  /** Those that fire last, above the others. */
  incidents: readonly (Extent & { incident: FleetIncident })[];
}

const leastFrameWidth = 5;

export function toShapes(fleet: Fleet, sensor: FleetSensor, scale: Scale): RowShapes {
  const cells = toCells(fleet, sensor).map((cell) => ({ cell, ...toExtent(cell, scale, 0) }));
  const incidents = sensor.incidents.toReversed().map((incident) => {
    return { incident, ...toExtent(toSpan(incident, scale.toMs), scale, leastFrameWidth) };
  });
  return { cells: cells.filter(({ width }) => width > 0), incidents };
}

/** From its start to its end; of one that fires, to `nowMs`. */
export function toSpan({ started_at, ended_at }: FleetIncident, nowMs: number) {
  return { fromMs: Date.parse(started_at), toMs: ended_at === null ? nowMs : Date.parse(ended_at) };
}

function toExtent(span: { fromMs: number; toMs: number }, scale: Scale, leastWidth: number): Extent {
  const [start, end] = [toX(span.fromMs, scale), toX(span.toMs, scale)];
  const width = Math.max(leastWidth, end - start);
  return { x: Math.min(start, scale.width - width), width };
}

/** Times outside are at the ends. */
export function toX(timeMs: number, { fromMs, toMs, width }: Scale): number {
  const share = (timeMs - fromMs) / (toMs - fromMs);
  return Math.min(Math.max(share, 0), 1) * width;
}

/** What is at a place of a row: the bucket, and the incident around it that was drawn last. */
export function findAt({ cells, incidents }: RowShapes, x: number) {
  const contains = (extent: Extent) => x >= extent.x && x < extent.x + extent.width;
  return {
    cell: cells.find(contains)?.cell ?? null,
    incident: incidents.findLast(contains)?.incident ?? null,
  };
}

/** A place that a person chose. Without a bucket and an incident, it is the whole row. */
export interface ChosenPlace {
  sensor: FleetSensor;
  cell: Cell | null;
  incident: FleetIncident | null;
}

const leastMarginMs = 60_000;

/** A window around the incident, or else the bucket, that does not end after now; null for a whole row. */
export function toChosenWindow({ cell, incident }: ChosenPlace, nowMs: number): TimeWindow | null {
  const span = incident === null ? cell : toSpan(incident, nowMs);
  if (span === null) return null;
  const marginMs = Math.max(leastMarginMs, (span.toMs - span.fromMs) / (incident === null ? 1 : 4));
  const toMs = Math.max(span.fromMs + leastMarginMs, Math.min(nowMs, span.toMs + marginMs));
  return toWindow(Math.round(span.fromMs - marginMs), Math.round(toMs));
}
