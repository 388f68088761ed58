import type { Accuracy, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { allSensors } from '../../storage/keys.ts';
import { rangeConditions, toWhere, toWindowAnswer } from '../../storage/where.ts';
import { findHorizons, findSelectedKeys, toCountedAnswer, toRange } from '../statistics/select-segments.ts';
import { type Segment, toCounted, toSegments } from '../statistics/window-plan.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import {
  addConfusion,
  type Confusion,
  cellConditions,
  confusionNames,
  countLabeled,
  noConfusion,
  toFigures,
} from './confusion.ts';

/** Compares the predictions of a window with the feedback on them. @throws StorageError */
export async function findAccuracy(pool: Pool, type: LoadedType, query: TimeWindowQuery): Promise<Accuracy> {
  const window = toRange(query);
  const keys = await findSelectedKeys(pool, type.id, query);
  const { counted, confusion } = await inSnapshot(pool, async (select) => {
    // Whole hours, and single readings at the ends: feedback is not rolled up by minute.
    const counted = toCounted(window, { ...(await findHorizons(select)), minutes: Infinity });
    let confusion: Confusion = noConfusion;
    for (const segment of keys?.length === 0 ? [] : toSegments(counted, ['hour', 'reading']))
      confusion = addConfusion(confusion, await sumSegment(select, segment, { type: type.id, keys }));
    return { counted, confusion };
  });
  const labeled = countLabeled(confusion);
  return {
    ...toWindowAnswer(query),
    ...toCountedAnswer(window, counted),
    labeled,
    labelled: labeled, // the old name, until 1.0
    confusion,
    ...toFigures(confusion),
  };
}

const sumsOfReadings = confusionNames.map((name) => toSum(cellConditions[name], name)).join(', ');
const sumsOfHours = confusionNames.map((name) => toSum(name, name)).join(', ');

function toSum(summand: string, name: string): string {
  return `CAST(COALESCE(SUM(${summand}), 0) AS DOUBLE) AS ${name}`;
}

async function sumSegment(
  select: Select,
  segment: Segment,
  { type, keys }: { type: number; keys: readonly number[] | undefined },
): Promise<Confusion> {
  const isHour = segment.level === 'hour';
  const sensors = keys ?? (isHour ? [allSensors] : undefined);
  const where = toWhere([
    { sql: 'type = ?', values: [type] },
    ...(sensors === undefined ? [] : [{ sql: 'sensor IN (?)', values: [sensors] }]),
    ...rangeConditions(isHour ? 'bucket' : 'timestamp', segment),
  ]);
  const from = isHour ? `${sumsOfHours} FROM feedback_hour` : `${sumsOfReadings} FROM feedback`;
  const [row] = await select<Confusion>({ sql: `SELECT ${from} ${where.sql}`, values: where.values });
  return row ?? noConfusion;
}
