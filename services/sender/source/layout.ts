import {
  type Column,
  createMissingTest,
  type DecimalMark,
  normalizeUnit,
} from '@sensor-sentinel/model/table';
import type { TypeChoice } from './choose-type.ts';
import {
  describeOtherTimes,
  describeTimes,
  type LayoutOptions,
  type LayoutTime,
  toTime,
} from './layout-time.ts';
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
      ...describeOtherTimes(survey, ignored),
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

function describeUnits({ features, columns }: TypeChoice): string[] {
  return features.flatMap(({ name, unit }, index) => {
    const found = columns[index]?.unit ?? '';
    if (unit === '' || found === '' || normalizeUnit(unit) === normalizeUnit(found)) return [];
    return [`${name} is in ${found} by the file, and in ${unit} by its type`];
  });
}
