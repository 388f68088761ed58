import {
  type Column,
  findPlaceColumn,
  isNamed,
  isNamedLikeId,
  isPlusMinusOne,
  labelKeys,
  type Roles,
  sensorKeys,
  toPlainKey,
} from '@sensor-sentinel/model/table';
import type { TypeChoice } from './choose-type.ts';
import { toFewRemarks, toFlag } from './messages.ts';
import type { Survey } from './survey-table.ts';

/** Names the flags for columns that may hold labels or the names of sensors under a name or in a way that does not say so. */
export function suggestRoles(
  { roles, frame, columnNames }: Survey,
  { isNew, columns }: TypeChoice,
  ignored: Roles['ignored'],
): string[] {
  const given = Object.values(columnNames);
  const sent = isNew ? columns.filter((column) => !given.some((heading) => isNamed(column, heading))) : [];
  const hasSensor = roles.sensors.length > 0;
  const place = columnNames.sensor_id === undefined ? findPlaceColumn(roles, frame.rows) : undefined;
  const flag = toFlag('columns', `sensor_id=${place?.text}+${roles.sensors[0]?.text}`);
  const hasLabel = roles.label !== undefined;
  return [
    ...toFewRemarks(sent.flatMap((column) => describeCodes(column, { hasLabel, hasSensor }))),
    ...(hasLabel
      ? []
      : ignored.flatMap(({ column }) => (isNamedLabel(column) ? describeClasses(column) : []))),
    ...toFewRemarks(
      ignored.flatMap(({ column, reason }) => {
        const mayName = !hasSensor && (reason === 'not numbers' || reason === 'an identifier');
        return mayName && areRepeated(column) && !isNamedLabel(column) ? describeNames(column) : [];
      }),
    ),
    ...toFewRemarks(columns.flatMap(describeNines)),
    ...(place
      ? [`has sensors of the same name at each ${JSON.stringify(place.text)}; ${flag} tells them apart`]
      : []),
  ];
}

/** Many programs write -999 or -9999.0 for a missing value. */
function describeNines({ text, cells }: Column): string[] {
  const nines = cells.find((cell) => /^-(?:9{3,}(?:[.,][09]*)?|99[.,]9+)$/.test(cell));
  if (nines === undefined) return [];
  const flag = toFlag('missing', nines.replace(',', '.'));
  return [`takes ${nines} in ${JSON.stringify(text)} for a value; if it means a missing value, add ${flag}`];
}

function isNamedLabel({ name }: Column): boolean {
  return labelKeys.has(toPlainKey(name));
}

function areRepeated({ cells }: Column): boolean {
  return cells.length >= 4 * Math.max(2, new Set(cells).size);
}

function describeNames({ text }: Column): string[] {
  const flag = toFlag('columns', `sensor_id=${text}`);
  return [`takes all rows for those of one sensor; if ${JSON.stringify(text)} names the sensor, add ${flag}`];
}

/** A column that is named like labels, with words that are not known. */
function describeClasses({ text, cells }: Column): string[] {
  const found = [...new Set(cells)].slice(0, 5).map((cell) => JSON.stringify(cell));
  if (found.length === 0) return [];
  const words = isPlusMinusOne(cells) ? '' : ' and --anomaly-labels with the words that mean an anomaly';
  return [
    `does not send the labels ${found.join(', ')} in ${JSON.stringify(text)}; add ${toFlag('label', text)}${words}`,
  ];
}

/** Features that may be labels or names of sensors. */
function describeCodes(
  { text, name, cells }: Column,
  { hasLabel, hasSensor }: { hasLabel: boolean; hasSensor: boolean },
): string[] {
  const heading = JSON.stringify(text);
  const key = toPlainKey(name);
  if (!cells.every((cell) => /^-?\d+(?:[.,]0*)?$/.test(cell))) return [];
  if (!hasSensor && (sensorKeys.has(key) || isNamedLikeId(name)))
    return [
      `sends ${heading} as a feature; if it names the sensor, add ${toFlag('columns', `sensor_id=${text}`)}`,
    ];
  const words = new Set(cells);
  if (!hasLabel && words.size === 2 && cells.every((cell) => /^[01]$/.test(cell)))
    return [
      `sends ${heading}, which holds only 0 and 1, as a feature; if 1 means an anomaly, add ${toFlag('label', text)}`,
    ];
  const isClass = labelKeys.has(key) || /(?:type|class|label|target|category|code|mode)$/.test(key);
  if (!isClass) return [];
  const label = hasLabel ? '' : `; if it holds labels, add ${toFlag('label', text)}`;
  return [`sends ${heading}, which may hold classes, as a feature${label}`];
}
