import type { Select } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { fromSqlTimestamp, toSqlTime } from '../../../storage/sql-values.ts';
import { rangeConditions, toWhere } from '../../../storage/where.ts';
import type { Values } from '../../types/sensor-type.ts';
import { hourMs, minuteMs, type Range } from '../window-plan.ts';
import type { RollupDifference } from './compare-rollups.ts';
import {
  compareEntries,
  type Extremes,
  maxEntries,
  mergeExtremes,
  noValues,
  sides,
  toExtremes,
  type ValueExtremes,
} from './extremes.ts';
import { listTypeWidths } from './roll-up-readings.ts';
import { type ExtremesTable, findExtremes } from './stored-extremes.ts';

interface ExtremesFault extends RollupDifference {
  table: ExtremesTable;
}

interface VerifiedExtremes {
  faults: ExtremesFault[];
  /** Lists that are not about all readings. No query uses them. */
  incomplete: Omit<ExtremesFault, 'what'>[];
}

/** Compares the extremes of an hour, and of its minutes, with the readings. */
export async function verifyExtremes(select: Select, hourStartMs: number): Promise<VerifiedExtremes> {
  const verified: VerifiedExtremes = { faults: [], incomplete: [] };
  for (const { id: type } of await listTypeWidths(select)) {
    const minutes = await listExtremes(select, { type, fromMs: hourStartMs, toMs: hourStartMs + hourMs });
    if (minutes.size === 0) continue;
    const hours = new Map([[toBucket(hourStartMs), mergeExtremes([...minutes.values()], maxEntries)]]);
    for (const [table, expected] of [
      ['extremes_minute', minutes],
      ['extremes_hour', hours],
    ] as const) {
      const found = await findExtremes(select, table, { type, buckets: [...expected.keys()] });
      for (const [bucket, extremes] of expected) {
        const { what, isComplete } = compareExtremes(found.get(bucket), extremes);
        const compared = { table, type, sensor: allSensors, bucket };
        if (what.length > 0) verified.faults.push({ ...compared, what });
        else if (!isComplete) verified.incomplete.push(compared);
      }
    }
  }
  return verified;
}

interface TypeRange extends Range {
  /** The key of the type. */
  type: number;
}

/** The extremes of a minute or an hour, from its readings. */
export async function recomputeExtremes(select: Select, range: TypeRange): Promise<Extremes> {
  return mergeExtremes([...(await listExtremes(select, range)).values()]);
}

interface Row {
  seq: number;
  timestamp: string;
  /** JSON */
  features: string;
  score: number | null;
}

/** The extremes of each minute that has readings. The readings of one minute are in memory at a time. */
async function listExtremes(
  select: Select,
  { type, fromMs, toMs }: TypeRange,
): Promise<Map<string, Extremes>> {
  const minutes = new Map<string, Extremes>();
  for (let atMs = fromMs; atMs < toMs; atMs += minuteMs) {
    const { sql, values } = toWhere([
      { sql: 'type = ?', values: [type] },
      ...rangeConditions('timestamp', { fromMs: atMs, toMs: atMs + minuteMs }),
    ]);
    const rows = await select<Row>({
      sql: `SELECT seq, timestamp, features, score FROM readings FORCE INDEX (readings_type_timestamp) ${sql}`,
      values,
    });
    const readings = rows.map(({ seq, timestamp, features, score }) => ({
      seq,
      timestamp: fromSqlTimestamp(timestamp),
      values: JSON.parse(features) as Values, // only the API writes it
      score,
    }));
    if (readings.length > 0) minutes.set(toBucket(atMs), toExtremes(readings));
  }
  return minutes;
}

/** Complete lists must be those of the readings. The expected lists may be longer. */
function compareExtremes(
  found: Extremes | undefined,
  expected: Extremes,
): { what: string[]; isComplete: boolean } {
  const values = [
    { name: 'score', actual: found?.score, target: expected.score },
    ...expected.features.map((target, place) => ({
      name: `feature ${place + 1}`,
      actual: found?.features[place],
      target,
    })),
  ];
  const isComplete = values.every(({ actual = noValues, target }) => actual.count === target.count);
  const what = values.flatMap(({ name, actual = noValues, target }) =>
    actual.count === target.count
      ? sides
          .filter((side) => !isFirst(actual, target, side))
          .map((side) => `the readings with the ${side} values of ${name} are others`)
      : [],
  );
  return { what, isComplete };
}

function isFirst(actual: ValueExtremes, target: ValueExtremes, side: (typeof sides)[number]): boolean {
  const { entries, isWhole } = actual[side];
  const first = target[side].entries.slice(0, entries.length);
  return (
    isWhole === (entries.length === actual.count) &&
    entries.length === first.length &&
    entries.every((entry, place) => first[place] && compareEntries(entry, first[place], side) === 0)
  );
}

function toBucket(startMs: number): string {
  return toSqlTime(startMs).slice(0, 19);
}
