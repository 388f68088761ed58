import type { Accuracy, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Condition, toWindowAnswer } from '../../storage/where.ts';
import { selectSegments, toCountedAnswer, toRange, toSegmentWhere } from '../statistics/select-segments.ts';
import {
  type Horizons,
  type Plan,
  type Range,
  type Segment,
  toCounted,
  toSegments,
} from '../statistics/window-plan.ts';
import {
  addConfusion,
  type Confusion,
  cellConditions,
  confusionNames,
  countLabeled,
  noConfusion,
  toFigures,
} from './confusion.ts';

type PartRow = Confusion & { count: number };

/** Compares the predictions of a window with the feedback on them. */
export async function findAccuracy(pool: Pool, query: TimeWindowQuery): Promise<Accuracy> {
  const window = toRange(query);
  const { plan, rows } = await selectSegments<PartRow>(pool, {
    toPlan: (horizons) => planAccuracy(window, horizons),
    toSelect: (segment) => toSelect(segment, query.sensor_id),
  });
  const confusion = rows.reduce<Confusion>(addConfusion, noConfusion);
  const labeled = countLabeled(confusion);
  return {
    ...toWindowAnswer(query),
    ...toCountedAnswer(window, plan.counted),
    labeled,
    labelled: labeled, // the old name, until 1.0
    confusion,
    ...toFigures(confusion),
  };
}

/** Whole hours, and single readings at the ends: feedback is not rolled up by minute. */
function planAccuracy(window: Range, horizons: Horizons): Plan {
  const counted = toCounted(window, { ...horizons, minutes: Infinity });
  return { counted, segments: toSegments(counted, ['hour', 'reading']) };
}

const sumsOfReadings = confusionNames
  .map((name) => `CAST(SUM(${cellConditions[name]}) AS DOUBLE) AS ${name}`)
  .join(', ');
const sumsOfHours = confusionNames.map((name) => `CAST(SUM(${name}) AS DOUBLE) AS ${name}`).join(', ');

const noRows = `SELECT NULL AS count, ${confusionNames.map((name) => `NULL AS ${name}`).join(', ')} WHERE FALSE`;

function toSelect(segment: Segment, sensors: readonly string[] | undefined): Condition {
  const { sql: where, values } = toSegmentWhere(segment, sensors);
  if (segment.level === 'reading')
    return { sql: `SELECT COUNT(*) AS count, ${sumsOfReadings} FROM truths ${where}`, values };
  if (segment.level !== 'hour') return { sql: noRows, values: [] }; // hours have no deltas: they are updated at once
  const count = `CAST(SUM(${confusionNames.join(' + ')}) AS DOUBLE) AS count`;
  return { sql: `SELECT ${count}, ${sumsOfHours} FROM truths_hour ${where}`, values };
}
