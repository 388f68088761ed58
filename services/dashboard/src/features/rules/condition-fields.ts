import { type Condition, type ConditionKind, toDurationMs } from '@sensor-sentinel/contracts';

/** How the text of a field becomes a value. A `window` is a number of readings or a duration; a `check` is on or off. */
type FieldInput = 'percent' | 'number' | 'duration' | 'window' | 'feature' | 'check';

export interface ConditionField {
  /** As in the condition. */
  name: string;
  label: string;
  input: FieldInput;
  /** After the label, besides the unit of a level. */
  hint?: string;
  /** A level of the chosen feature, in its unit. */
  isLevel?: boolean;
  /** The lab has a slider for it, unless it is empty. */
  hasSlider?: boolean;
}

interface ConditionForm {
  title: string;
  fields: readonly ConditionField[];
  /** What a new rule of this kind begins with. */
  initial: Readonly<Record<string, string>>;
}

const newest = {
  label: 'Of the newest',
  input: 'window',
  hint: 'readings such as 10, or a time such as 5m',
} as const;
const shareFields: readonly ConditionField[] = [
  { name: 'raise', label: 'Begins at', input: 'percent', hasSlider: true },
  { name: 'clear', label: 'Ends at or below', input: 'percent', hint: 'empty: below the start' },
];
const shareOfNewest: readonly ConditionField[] = [{ name: 'window', ...newest }, ...shareFields];
const feature: ConditionField = { name: 'feature', label: 'Measured value', input: 'feature' };

/** The fields of each kind of condition, in the order of the form. */
export const conditionForms: Readonly<Record<ConditionKind, ConditionForm>> = {
  anomaly_share: {
    title: 'Share of anomalies',
    fields: shareOfNewest,
    initial: { window: '10', raise: '30', clear: '10' },
  },
  anomalies_in_a_row: {
    title: 'Anomalies in a row',
    fields: [{ name: 'count', label: 'Anomalies in a row', input: 'number', hasSlider: true }],
    initial: { count: '5' },
  },
  score_above: {
    title: 'Score above a level',
    fields: [
      { name: 'above', label: 'Score above', input: 'number', hint: '0 to 1', hasSlider: true },
      { name: 'clear', label: 'Ends at or below', input: 'number', hint: 'empty: the same score' },
    ],
    initial: { above: '0.9', clear: '' },
  },
  feature: {
    title: 'Value above or below a level',
    fields: [
      feature,
      { name: 'above', label: 'Above', input: 'number', isLevel: true, hasSlider: true },
      { name: 'below', label: 'Below', input: 'number', isLevel: true, hasSlider: true },
      { name: 'outside_limits', label: 'Outside the limits of the sensor type', input: 'check' },
      { name: 'hysteresis', label: 'Ends when it is back by', input: 'number', isLevel: true },
    ],
    initial: { above: '', below: '', outside_limits: 'on', hysteresis: '0' },
  },
  rate_of_change: {
    title: 'Value changes too fast',
    fields: [
      feature,
      { name: 'above', label: 'Changes by more than', input: 'number', isLevel: true, hasSlider: true },
      { name: 'per', label: 'Within', input: 'duration' },
    ],
    initial: { above: '1', per: '1m' },
  },
  stuck: {
    title: 'Value stays the same',
    fields: [feature, { name: 'duration', label: 'For at least', input: 'duration', hasSlider: true }],
    initial: { duration: '10m' },
  },
  silent: {
    title: 'No readings arrive',
    fields: [
      { name: 'after', label: 'For', input: 'duration', hint: 'or:', hasSlider: true },
      { name: 'intervals', label: 'Usual intervals of the sensor', input: 'number', hasSlider: true },
    ],
    initial: { after: '5m', intervals: '' },
  },
  late: {
    title: 'Readings arrive late',
    fields: shareOfNewest,
    initial: { window: '100', raise: '10', clear: '' },
  },
  rejected: {
    title: 'Readings are rejected',
    fields: [{ name: 'window', label: 'Within', input: 'duration' }, ...shareFields],
    initial: { window: '10m', raise: '50', clear: '' },
  },
  clock_skew: {
    title: 'Clock of the sensor is wrong',
    fields: [{ name: 'above', label: 'By more than', input: 'duration', hasSlider: true }],
    initial: { above: '5m' },
  },
};

/** The kinds in the order of the form. */
export const conditionKinds = Object.keys(conditionForms) as ConditionKind[]; // the keys of a complete record

/** What is typed into the fields of a condition, by name. */
export type ConditionTexts = Readonly<Record<string, string>>;

export function toConditionTexts({ kind, ...values }: Condition): ConditionTexts {
  const given: Readonly<Record<string, unknown>> = values;
  const toText = ({ name, input }: ConditionField): string => {
    const value = given[name];
    if (value === undefined) return '';
    if (input === 'check') return 'on';
    return String(input === 'percent' ? roundExact(Number(value) * 100) : value);
  };
  return Object.fromEntries(conditionForms[kind].fields.map((field) => [field.name, toText(field)]));
}

/** To 12 digits, because 0.29 · 100 is 28.999999999999996. */
function roundExact(value: number): number {
  return Number(value.toPrecision(12));
}

/** The condition as the schema of conditions reads it. Empty fields are left out. */
export function toConditionInput(kind: ConditionKind, texts: ConditionTexts): Record<string, unknown> {
  const entries = conditionForms[kind].fields.flatMap(({ name, input }) => {
    const text = (texts[name] ?? '').trim();
    return text === '' ? [] : [[name, toValue(text, input)] as const];
  });
  return { kind, ...Object.fromEntries(entries) };
}

function toValue(text: string, input: FieldInput): unknown {
  switch (input) {
    case 'percent':
      return roundExact(Number(text) / 100);
    case 'number':
      return Number(text);
    case 'window':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'check':
      return true;
    default:
      return text;
  }
}

const durations = '1s 2s 5s 10s 15s 30s 1m 2m 5m 10m 15m 30m 1h 2h 3h 6h 12h 1d 2d 7d'.split(' ');
const counts = Array.from({ length: 20 }, (_, place) => String(place + 1));
const percents = Array.from({ length: 100 }, (_, place) => String(place + 1));
const scores = Array.from({ length: 100 }, (_, place) => String(place / 100));

/** The values at which the slider of a field stops. `levels`: those for levels of the feature. */
export function toStops(
  { name, input, isLevel }: ConditionField,
  levels: readonly string[],
): readonly string[] {
  if (isLevel === true) return levels;
  if (input === 'duration') return durations;
  if (input === 'percent') return percents;
  if (name === 'intervals') return counts.slice(1);
  return name === 'count' ? counts : scores;
}

const mostLevels = 100;

/** Round numbers from `min` to `max`, and a little beyond. */
export function toLevels({ min, max }: { min: number; max: number }): string[] {
  const rawStep = Math.max((max - min) / mostLevels, Number.EPSILON);
  const power = 10 ** Math.floor(Math.log10(rawStep));
  const step = power * ([1, 2, 5].find((factor) => roundExact(factor * power) >= roundExact(rawStep)) ?? 10);
  const [first, last] = [Math.floor(min / step) - 5, Math.ceil(max / step) + 5];
  return Array.from({ length: last - first + 1 }, (_, place) => String(roundExact((first + place) * step)));
}

/** The place of the stop that is nearest to the text. */
export function findStop(stops: readonly string[], text: string, input: FieldInput): number {
  const toNumber = (value: string) =>
    input === 'duration' ? Math.log1p(toDurationMs(value)) : Number(value);
  const wanted = toNumber(text);
  const distances = stops.map((stop) => Math.abs(toNumber(stop) - wanted));
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}
