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
  confusionNames,
  countLabelled,
  noConfusion,
  toFigures,
} from './confusion.ts';

type PartRow = Confusion & { count: number };

const cells: Record<keyof Confusion, string> = {
  true_negative: 'prediction = 0 AND label = 0',
  false_positive: 'prediction = 1 AND label = 0',
  false_negative: 'prediction = 0 AND label = 1',
  true_positive: 'prediction = 1 AND label = 1',
};

const sumsOfTruths = confusionNames
  .map((name) => `CAST(SUM(${cells[name]}) AS DOUBLE) AS ${name}`)
  .join(', ');
const sumsOfHours = confusionNames.map((name) => `CAST(SUM(${name}) AS DOUBLE) AS ${name}`).join(', ');

/** Whole hours, and truths at the ends; truths go with the readings, and there are none of minutes. */
function planAccuracy(asked: Range, horizons: Horizons): Plan {
  const counted = toCounted(asked, { ...horizons, minutes: Infinity });
  return { counted, segments: toSegments(counted, ['hour', 'reading']) };
}

const nothing = `SELECT NULL AS count, ${confusionNames.map((name) => `NULL AS ${name}`).join(', ')} WHERE FALSE`;

function toSelect(segment: Segment, sensors: readonly string[] | undefined): Condition {
  const { sql: where, values } = toSegmentWhere(segment, sensors);
  if (segment.level === 'reading')
    return { sql: `SELECT COUNT(*) AS count, ${sumsOfTruths} FROM truths ${where}`, values };
  if (segment.level !== 'hour') return { sql: nothing, values: [] }; // truths are in hours at once
  const count = `CAST(SUM(${confusionNames.join(' + ')}) AS DOUBLE) AS count`;
  return { sql: `SELECT ${count}, ${sumsOfHours} FROM truths_hour ${where}`, values };
}

/** How the readings of a window whose truth is known were predicted. */
export async function findAccuracy(pool: Pool, query: TimeWindowQuery): Promise<Accuracy> {
  const asked = toRange(query);
  const { plan, rows } = await selectSegments<PartRow>(pool, {
    toPlan: (horizons) => planAccuracy(asked, horizons),
    toSelect: (segment) => toSelect(segment, query.sensor_id),
  });
  const confusion = rows.reduce<Confusion>(addConfusion, noConfusion);
  return {
    ...toWindowAnswer(query),
    ...toCountedAnswer(asked, plan.counted),
    labelled: countLabelled(confusion),
    confusion,
    ...toFigures(confusion),
  };
}
