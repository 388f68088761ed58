import { featureNameSchema, typeNameSchema } from '@sensor-sentinel/contracts';
import {
  checkDateFormat,
  type DecimalMark,
  defaultMissingMarks,
  isEncoding,
  isTimeZone,
} from '@sensor-sentinel/model/table';
import { z } from 'zod';
import type { ColumnNames, LongColumns } from '../source/survey-table.ts';
import { setting } from './define-setting.ts';
import { optionalSchema } from './setting-schemas.ts';

const delimiters: ReadonlyMap<string, string> = new Map([
  ['', ''],
  ['tab', '\t'],
  ['\\t', '\t'],
  [',', ','],
  [';', ';'],
  ['|', '|'],
]);

const delimiterSchema = z
  .string()
  .refine((text) => delimiters.has(text), 'expected one of , ; | or tab')
  .transform((text) => delimiters.get(text) ?? '');

/** The name of a column in the file may contain commas: a pair begins only where a name and `=` do. */
const separator = /,\s*(?=[^,=]+=)/;

function splitPairs(text: string): [name: string, heading: string][] {
  const parts = text.trim() === '' ? [] : text.trim().split(separator);
  return parts.map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()];
  });
}

function areDistinct(pairs: readonly [string, string][]): boolean {
  const names = pairs.map(([name]) => name);
  return new Set(names).size === names.length && pairs.every(([, heading]) => heading !== '');
}

/** Parses `temperature=Temp (C),humidity=RH`. */
const columnsSchema = z.string().transform((text, context): ColumnNames => {
  const pairs = splitPairs(text);
  const isName = (name: string) =>
    name === 'sensor_id' || name === 'timestamp' || featureNameSchema.safeParse(name).success;
  if (areDistinct(pairs) && pairs.every(([name]) => isName(name))) return Object.fromEntries(pairs);
  context.addIssue(
    'expected pairs as in "temperature=Temp (C),humidity=RH,timestamp=Date": sensor_id, timestamp or a feature, and its column',
  );
  return z.NEVER;
});

/** Parses `sensor=entity_id,value=state,time=last_changed`. */
const longSchema = z.string().transform((text, context): LongColumns | undefined => {
  if (text === '') return undefined;
  const { sensor, value, time, ...others } = Object.fromEntries(splitPairs(text));
  if (sensor && value && time && Object.keys(others).length === 0) return { sensor, value, time };
  context.addIssue('expected three columns, as in "sensor=entity_id,value=state,time=last_changed"');
  return z.NEVER;
});

function splitWords(text: string): string[] {
  return text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

/** Marks of missing values in addition to the usual ones. */
const missingSchema = z.string().transform((text) => [...defaultMissingMarks, ...splitWords(text)]);

const dateFormatSchema = z.string().transform((text, context): string | undefined => {
  const fault = text === '' ? undefined : checkDateFormat(text);
  if (fault === undefined) return text || undefined;
  context.addIssue(fault);
  return z.NEVER;
});

const timeZoneSchema = z
  .string()
  .refine(
    (text) => text === '' || isTimeZone(text),
    'expected a time zone as in Europe/Berlin, UTC or +02:00',
  );

const encodingSchema = z
  .string()
  .refine(
    (text) => text === '' || isEncoding(text),
    'expected an encoding as in utf-8, utf-16le, windows-1252 or iso-8859-15',
  );

const decimalSchema = z
  .enum(['', 'point', 'comma'], { error: 'expected point or comma' })
  .transform(
    (name): DecimalMark | undefined => ({ '': undefined, point: '.' as const, comma: ',' as const })[name],
  );

/** Settings of how the file is read. Each overrides what is found by its first rows. */
export const fileSettings = {
  type: setting('type', '', {
    schema: optionalSchema(typeNameSchema),
    meaning:
      'Sensor type of the readings, made if it does not exist. Default: one with these features, else one named after the file',
  }),
  columns: setting('columns', '', {
    schema: columnsSchema,
    meaning:
      'Columns of features, sensor_id and timestamp, as in "temperature=Temp (C),timestamp=Date+Time". Default: found by their names',
  }),
  long: setting('long', '', {
    schema: longSchema,
    meaning:
      'The columns of a table with a line for each value of each sensor, as in "sensor=entity_id,value=state,time=last_changed"',
  }),
  label: setting('label', '', {
    schema: z.string(),
    meaning:
      'Column of labels. Default: target, label, anomaly, failed or the like, if all of its cells are like 0 and 1, true and false, normal and anomaly',
  }),
  anomalyLabels: setting('anomaly-labels', '', {
    schema: z.string().transform(splitWords),
    meaning:
      'Words of the label column that mean an anomaly, as in "leak,worn"; all others mean normal. Default: known words',
  }),
  missing: setting('missing', '', {
    schema: missingSchema,
    meaning:
      'Further marks of missing values, as in "-9999,off". An empty cell, NA, NaN, null, --, unavailable and others always are',
  }),
  dateFormat: setting('date-format', '', {
    schema: dateFormatSchema,
    meaning: 'Format of times, in tokens of Luxon, as in "M/d/yyyy h:mm a". Default: found',
  }),
  timeZone: setting('timezone', '', {
    schema: timeZoneSchema,
    meaning: 'Time zone of times without an offset, as in Europe/Berlin or +02:00. Default: UTC',
  }),
  delimiter: setting('delimiter', '', {
    schema: delimiterSchema,
    meaning: 'One of , ; | or tab. Default: found',
  }),
  decimal: setting('decimal', '', {
    schema: decimalSchema,
    meaning: 'point or comma, which begins the decimals of numbers. Default: found',
  }),
  encoding: setting('encoding', '', {
    schema: encodingSchema,
    meaning: 'Encoding of the file, as in windows-1252. Default: found; Unicode or windows-1252',
  }),
};
