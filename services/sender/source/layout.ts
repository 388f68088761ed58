import {
  type Column,
  createMissingTest,
  createTimeParser,
  type DecimalMark,
  isNamedLikeTime,
  normalizeUnit,
  type TimeParser,
} from '@sensor-sentinel/model/table';
import type { TypeChoice } from './choose-type.ts';
import { FileFault } from './file-state.ts';
import { toFlag } from './messages.ts';
import { suggestRoles } from './suggest-roles.ts';
import type { Survey } from './survey-table.ts';

/** A feature and its column. */
export interface FeatureColumn {
  name: string;
  /** The heading in the file, for messages. */
  heading: string;
  position: number;
  /** The unit of the column, which its cells may repeat. */
  unit: string;
  decimal: DecimalMark;
  min: number;
  max: number;
  /** What is expected of its cells. */
  expected: string;
}

/** Everything that is known about the rows of a file before they are read. */
export interface Layout {
  survey: Survey;
  choice: TypeChoice;
  features: readonly FeatureColumn[];
  /** Of the columns that name the sensor. */
  sensorPositions: readonly number[];
  label: Column | undefined;
  time: LayoutTime | undefined;
  missing: ReturnType<typeof createMissingTest>;
  /** Whether readings may lack values: true until the API refuses one. */
  nulls: { areTaken: boolean };
  ignored: readonly { heading: string; reason: string }[];
  /** What the user should know before the rows are sent. */
  remarks: readonly string[];
}

export interface LayoutTime extends TimeParser {
  positions: readonly number[];
  name: string;
  format: string;
  timeZone: string;
  expected: string;
}

export interface LayoutOptions {
  /** The name in messages. */
  name: string;
  timestamps: 'arrival' | 'file' | 'now';
  /** Of times without an offset; empty: UTC, or that of the heading. */
  timeZone: string;
}

/** @throws FileFault if the timestamps that are needed are missing, or can be read in several ways */
export function toLayout(survey: Survey, choice: TypeChoice, options: LayoutOptions): Layout {
  const { roles } = survey;
  const features = choice.features.flatMap(({ name, unit, min, max }, index): FeatureColumn[] => {
    const column = choice.columns[index];
    if (column === undefined) return [];
    return [
      {
        name,
        heading: column.text,
        position: column.position,
        unit: column.unit || unit,
        decimal: (roles.ownFormats.get(column) ?? roles.numberFormat).decimal,
        ...toLimits({ min, max, unit }),
      },
    ];
  });
  const used = new Set<number>(features.map(({ position }) => position));
  const time = toTime(survey, options);
  const isFree = ({ position }: Column) => !used.has(position);
  const label = roles.label && isFree(roles.label) ? roles.label : undefined;
  const unused = roles.numbers
    .filter(isFree)
    .map((column) => ({ column, reason: `not a feature of the type ${choice.name}`, isLikeTime: false }));
  const ignored = [...unused, ...roles.ignored.filter(({ column }) => isFree(column))];
  const timesLeft = ignored.filter(({ isLikeTime }) => isLikeTime);
  return {
    ...{
      survey,
      choice,
      features,
      label,
      time,
      sensorPositions: roles.sensors.filter(isFree).map(({ position }) => position),
    },
    missing: createMissingTest(survey.missingMarks),
    nulls: { areTaken: choice.takesMissing },
    ignored: ignored.map(({ column, reason }) => ({
      heading: column.text || `column ${column.position + 1}`,
      reason,
    })),
    remarks: [
      ...survey.remarks,
      ...choice.remarks,
      ...describeUnits(choice),
      ...suggestRoles(survey, choice, ignored),
      ...describeTimes(survey, time, options),
      ...timesLeft.map(
        ({ column }) =>
          `ignores ${JSON.stringify(column.text)}, which looks like a time; ${toFlag('columns', `timestamp=${column.text}`)} reads it`,
      ),
    ],
  };
}

function toLimits({ min, max, unit }: { min: number | null; max: number | null; unit: string }) {
  const range =
    min !== null && max !== null ? `from ${min} to ${max}` : min !== null ? `from ${min}` : `up to ${max}`;
  const expected =
    min === null && max === null ? 'expected a number' : `expected a number ${range} ${unit}`.trim();
  return { min: min ?? Number.NEGATIVE_INFINITY, max: max ?? Number.POSITIVE_INFINITY, expected };
}

/** Times that are not sent need not be readable. */
function toTime({ roles }: Survey, { name, timestamps, timeZone }: LayoutOptions): LayoutTime | undefined {
  const { time } = roles;
  const isNeeded = timestamps !== 'arrival';
  if (time === undefined) {
    if (!isNeeded) return undefined;
    throw new FileFault(
      `${name} has no column of times, which --timestamps ${timestamps} needs; --columns "timestamp=…" names one`,
    );
  }
  const { finding } = time;
  if (finding.kind === 'found') {
    const zone = timeZone || time.timeZone || 'UTC';
    const expected =
      finding.format === 'standard'
        ? 'expected a time as in 2026-11-22 15:04:05'
        : `expected a time in the format ${finding.format}`;
    return {
      ...time,
      ...createTimeParser(finding.format, zone),
      timeZone: zone,
      format: finding.format,
      expected,
    };
  }
  if (!isNeeded) return undefined;
  const what =
    finding.kind === 'ambiguous'
      ? `could have several formats; set --date-format to ${finding.formats.map((format) => JSON.stringify(format)).join(' or ')}`
      : 'are in no format that is known; --date-format gives it, as in "d.M.yyyy H:mm:ss", or excel for days since 1900';
  throw new FileFault(`${name}: the times in ${JSON.stringify(time.name)} ${what}`);
}

function describeUnits({ features, columns }: TypeChoice): string[] {
  return features.flatMap(({ name, unit }, index) => {
    const found = columns[index]?.unit ?? '';
    if (unit === '' || found === '' || normalizeUnit(unit) === normalizeUnit(found)) return [];
    return [`${name} is in ${found} by the file, and in ${unit} by its type`];
  });
}

function describeTimes(
  { roles }: Survey,
  time: LayoutTime | undefined,
  { timestamps, timeZone }: LayoutOptions,
): string[] {
  if (roles.time === undefined) return [];
  const shown = JSON.stringify(roles.time.name);
  const { finding } = roles.time;
  if (timestamps === 'arrival') {
    const remark = `does not send the times in ${shown}: readings get the time of arrival; --timestamps file or now sends them`;
    return isNamedLikeTime(roles.time.name) || finding.kind !== 'none' ? [remark] : [];
  }
  const isLocal = finding.kind === 'found' && !finding.hasOffset && timeZone === '';
  if (!isLocal) return [];
  if (roles.time.timeZone !== '')
    return [`takes the times in ${shown} for ${time?.timeZone}, by their heading`];
  return [
    `takes the times in ${shown} for UTC, as they have no offset; --timezone sets another time zone, as in Europe/Berlin`,
  ];
}
