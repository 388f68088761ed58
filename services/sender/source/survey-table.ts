import { climateType, isExportHeader } from '@sensor-sentinel/contracts';
import {
  areInverted,
  type DecimalMark,
  describeDoubt,
  type Frame,
  findFrame,
  findLongTable,
  findRoles,
  isNamed,
  isPlusMinusOne,
  parseHeading,
  type Roles,
  TableError,
  toKey,
  toShortList,
} from '@sensor-sentinel/model/table';
import { FileFault } from './file-state.ts';
import { toFlag } from './messages.ts';

/** Headings of the file by the names of our columns: `sensor_id`, `timestamp` and features. */
export type ColumnNames = Readonly<Record<string, string>>;

/** The columns of a long table, which has a line for each value of each sensor. */
export interface LongColumns {
  sensor: string;
  value: string;
  time: string;
}

export interface SurveyOptions {
  columnNames: ColumnNames;
  /** Undefined: found if it is an export of Home Assistant. */
  long: LongColumns | undefined;
  /** Empty: detected. */
  labelColumn: string;
  /** Words that mean an anomaly; empty: those that are known. */
  anomalyLabels: readonly string[];
  /** Empty: detected. */
  delimiter: string;
  hasHeader: boolean;
  missingMarks: readonly string[];
  decimal: DecimalMark | undefined;
  dateFormat: string | undefined;
}

/** What a file holds, whatever the sensor type of its readings is. */
export interface Survey {
  frame: Frame;
  roles: Roles;
  columnNames: ColumnNames;
  isLong: boolean;
  missingMarks: readonly string[];
  /** Whether `GET /readings` wrote the file: it puts apostrophes before what spreadsheets take for formulas. */
  isExport: boolean;
  /** What was found in an unusual way. */
  remarks: readonly string[];
}

/** The name of the only feature of a long table. */
export const longFeature = 'value';
const anchors = [...climateType.features.map(({ name }) => name), 'sensor_id', 'timestamp'];

/** @param sample the first lines of the file. @throws FileFault */
export function surveyTable(sample: string, name: string, options: SurveyOptions): Survey {
  try {
    return survey(sample, options);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const where = error.line === undefined ? name : `${name}:${error.line}`;
    throw new FileFault(`${where} ${error.message}`.replace(' : ', ': '), { cause: error });
  }
}

function survey(sample: string, options: SurveyOptions): Survey {
  const { delimiter, hasHeader, missingMarks, labelColumn, anomalyLabels, decimal, dateFormat } = options;
  const given = Object.values(options.columnNames).flatMap((heading) => [heading, ...heading.split('+')]);
  const found = findFrame(sample, { delimiter, hasHeader, isWanted: createNameTest([...anchors, ...given]) });
  const frame = { ...found, headings: numberRepeated(found.headings) };
  const long = options.long ?? findHomeAssistant(frame);
  const columnNames = toHeadings(long ? toColumnNames(long) : options.columnNames, hasHeader);
  const { timestamp, sensor_id, ...features } = columnNames;
  const roles = findRoles(frame, {
    ...{ time: timestamp, sensor: sensor_id, label: labelColumn, features: Object.values(features) },
    ...{ missingMarks, anomalyLabels, decimal, dateFormat },
  });
  const doubt = describeDoubt(roles.numberFormat, frame.delimiter);
  if (doubt !== undefined) throw new TableError(doubt);
  requireLabels(roles, options);
  if (long === undefined && Object.keys(features).length === 0) refuseLong(roles);
  return {
    ...{ frame, columnNames, missingMarks, isLong: long !== undefined },
    roles: long
      ? { ...roles, numbers: roles.numbers.filter((column) => isNamed(column, long.value)) }
      : roles,
    isExport: isExportHeader([...frame.headings]),
    remarks: [
      ...describeFrame(frame, found),
      ...describeFormats(roles),
      ...describeLabels(roles, options),
      ...(long ? [describeLong(long)] : []),
    ],
  };
}

/** Whether a cell is one of the headings, with or without its unit. */
function createNameTest(headings: readonly string[]): (cell: string) => boolean {
  const keys = new Set(headings.flatMap((heading) => [toKey(heading), toKey(parseHeading(heading).name)]));
  return (cell) => /\p{L}/u.test(cell) && (keys.has(toKey(cell)) || keys.has(toKey(parseHeading(cell).name)));
}

function findHomeAssistant({ headings }: Frame): LongColumns | undefined {
  const time = ['last_changed', 'last_updated'].find((name) => headings.includes(name));
  const isExported = headings.includes('entity_id') && headings.includes('state') && time !== undefined;
  return isExported ? { sensor: 'entity_id', value: 'state', time } : undefined;
}

function toColumnNames({ sensor, value, time }: LongColumns): ColumnNames {
  return { sensor_id: sensor, timestamp: time, [longFeature]: value };
}

/** Values of several quantities in one column are not readings of one feature. @throws TableError */
function refuseLong(roles: Roles): void {
  const long = findLongTable(roles);
  if (long === undefined) return;
  const sensor = [...roles.sensors, long.field].map(({ text }) => text).join('+');
  const flag = toFlag('long', `sensor=${sensor},value=${long.value.text},time=${roles.time?.name ?? '…'}`);
  throw new TableError(
    `has a line for each value of each ${long.field.text}; ${flag} reads them, each as a sensor of its own`,
  );
}

/** Labels that are left out would make a model look better than it is. @throws TableError */
function requireLabels({ label, parseLabel }: Roles, { labelColumn, anomalyLabels }: SurveyOptions): void {
  if (label === undefined && anomalyLabels.length > 0)
    throw new TableError('has no column of labels for --anomaly-labels; --label names it');
  if (label === undefined || labelColumn === '') return;
  const shown = JSON.stringify(label.text);
  if (anomalyLabels.length === 0 && areInverted(label.name, label.cells)) {
    const normal = [...new Set(label.cells)].filter((cell) => parseLabel(cell) === 0);
    throw new TableError(
      `has labels in ${shown}, whose name means normal; --anomaly-labels says which mean an anomaly, as in ${toFlag('anomaly-labels', normal.join())}`,
    );
  }
  const unknown = [...new Set(label.cells)].filter((cell) => parseLabel(cell) === undefined);
  if (unknown.length === 0) return;
  const words = unknown.slice(0, 5);
  throw new TableError(
    `has labels in ${shown} that mean neither normal nor anomaly: ${words.map((word) => JSON.stringify(word)).join(', ')}; ` +
      `--anomaly-labels gives all words that mean an anomaly, as in ${toFlag('anomaly-labels', words.join())}`,
  );
}

/** `temp`, `temp` become `temp`, `temp_2`. */
function numberRepeated(headings: readonly string[]): readonly string[] {
  return headings.map((heading, index) => {
    const count = headings.slice(0, index).filter((other) => other === heading).length;
    return count === 0 || heading === '' ? heading : `${heading}_${count + 1}`;
  });
}

/** Without a header, columns are also named by their positions, counted from 1. */
function toHeadings(names: ColumnNames, hasHeader: boolean): ColumnNames {
  if (hasHeader) return names;
  const toHeading = (name: string) => name.replace(/^\d+(?=$|\+)|(?<=\+)\d+$/g, 'column_$&');
  return Object.fromEntries(Object.entries(names).map(([name, heading]) => [name, toHeading(heading)]));
}

function describeFrame(frame: Frame, found: Frame): string[] {
  const { preamble, linesOfUnits, headerLine, headings, hasRowNames } = frame;
  const [first] = preamble;
  const repeated = headings.flatMap((heading, index) => {
    const given = found.headings[index] ?? '';
    return heading === given ? [] : [`${JSON.stringify(given)} in column ${index + 1} ${heading}`];
  });
  const titles = `${preamble.length} line${preamble.length === 1 ? '' : 's'} above the header in line ${headerLine}`;
  return [
    ...(first ? [`skips ${titles}: ${JSON.stringify(first.text.replace(/^"|"$/g, '').slice(0, 60))}`] : []),
    ...(linesOfUnits.size > 0
      ? [`skips the units below the header, in line ${[...linesOfUnits].join(', ')}`]
      : []),
    ...(hasRowNames
      ? ['takes the first cell of each row as its name, because the header has one cell less']
      : []),
    ...(repeated.length > 0 ? [`has headings twice; calls ${toShortList(repeated)}`] : []),
  ];
}

function describeFormats({ numberFormat, ownFormats, time }: Roles): string[] {
  const formats = [...ownFormats].map(([{ text }, format]) => ({ text, ...format }));
  const { ambiguous, decimal } = formats.find((format) => format.ambiguous !== undefined) ?? numberFormat;
  const read = ambiguous?.replace(decimal, '#').replace(/[.,]/, '').replace('#', '.');
  const other = decimal === ',' ? 'point' : 'comma';
  const finding = time?.finding;
  const isUnusual = finding?.kind === 'found' && finding.format !== 'standard';
  const [own] = formats.filter((format) => format.decimal !== numberFormat.decimal);
  return [
    ...(ambiguous === undefined
      ? []
      : [`reads ${JSON.stringify(ambiguous)} as ${read}; --decimal ${other} reads it in the other way`]),
    ...(own
      ? [
          `reads decimal ${own.decimal === ',' ? 'commas' : 'points'} in ${JSON.stringify(own.text)}, unlike in other columns`,
        ]
      : []),
    ...(isUnusual ? [`reads times in the format ${JSON.stringify(finding.format)}`] : []),
  ];
}

/** What a label means where its word does not say so. */
function describeLabels({ label, parseLabel }: Roles, { anomalyLabels }: SurveyOptions): string[] {
  if (label && anomalyLabels.length > 0 && !label.cells.some((cell) => parseLabel(cell) === 1))
    return [
      `has no ${anomalyLabels.map((word) => JSON.stringify(word)).join(' or ')} among the first labels in ${JSON.stringify(label.text)}, which all count as normal`,
    ];
  return label && anomalyLabels.length === 0 && isPlusMinusOne(label.cells)
    ? [
        `takes -1 in ${JSON.stringify(label.text)} for an anomaly, as in scikit-learn; --anomaly-labels 1 if it is 1`,
      ]
    : [];
}

function describeLong({ sensor, value, time }: LongColumns): string {
  return `reads a long table: each ${sensor} is a sensor, its values are in ${value}, their times in ${time}`;
}
