import type { Select } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { toSqlTime } from '../../../storage/sql-values.ts';
import { hourMs, minuteMs } from '../window-plan.ts';
import type { RollupDifference } from './compare-rollups.ts';
import {
  compareEntries,
  type Extremes,
  maxEntries,
  mergeExtremes,
  noExtremes,
  noValues,
  sides,
  type ValueExtremes,
} from './extremes.ts';
import { readExtremes } from './read-extremes.ts';
import { listTypeWidths } from './roll-up-readings.ts';
import { type ExtremesTable, findExtremes } from './stored-extremes.ts';

interface ExtremesFault extends RollupDifference {
  table: ExtremesTable;
}

/** Compares the lists of an hour, and those of its minutes, with the readings. Lists may be missing. */
export async function verifyExtremes(select: Select, hourStartMs: number): Promise<ExtremesFault[]> {
  const faults: ExtremesFault[] = [];
  for (const { id: type } of await listTypeWidths(select)) {
    const range = { type, fromMs: hourStartMs, toMs: hourStartMs + hourMs };
    const minutes = await findExtremes(select, 'extremes_minute', range);
    const hours = await findExtremes(select, 'extremes_hour', range);
    if (minutes.size + hours.size === 0) continue;
    const compare = (table: ExtremesTable, [bucket, found]: [string, Extremes], expected: Extremes) => {
      const what = compareExtremes(found, expected);
      if (what.length > 0) faults.push({ table, type, sensor: allSensors, bucket, what });
    };
    let hour = noExtremes;
    for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += minuteMs) {
      const minute = await readExtremes(select, { type, fromMs, toMs: fromMs + minuteMs });
      hour = mergeExtremes([hour, minute], maxEntries);
      const bucket = toSqlTime(fromMs).slice(0, 19);
      const found = minutes.get(bucket);
      if (found !== undefined) compare('extremes_minute', [bucket, found], minute);
    }
    for (const found of hours) compare('extremes_hour', found, hour);
  }
  return faults;
}

/** Lists must be those of the readings, unless they are about fewer values: no query uses those. */
function compareExtremes(found: Extremes, expected: Extremes): string[] {
  const values = [
    { name: 'score', actual: found.score, target: expected.score },
    ...expected.features.map((target, place) => ({
      name: `feature ${place + 1}`,
      actual: found.features[place] ?? noValues,
      target,
    })),
  ];
  return values
    .filter(({ actual, target }) => actual.count === target.count)
    .flatMap(({ name, actual, target }) =>
      sides
        .filter((side) => !isFirst(actual, target, side))
        .map((side) => `the readings with the ${side} values of ${name} are others`),
    );
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
