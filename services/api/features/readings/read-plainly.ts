import { defaultSensorId, type FeatureName, features, type ReadingInput } from '@sensor-sentinel/contracts';

type Body = Readonly<Record<string, unknown>>;

const fields = new Set<string>([...features.map(({ name }) => name), 'id', 'sensor_id', 'timestamp']);
const plainSensorId = /^[!-~](?:[ -~]{0,62}[!-~])?$/;
const plainId = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const plainTimestamp = /^(?:19[7-9]\d|2\d{3})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function isFeature(body: Body, { name, min, max }: { name: FeatureName; min: number; max: number }): boolean {
  const value = body[name];
  return typeof value === 'number' && value >= min && value <= max;
}

function isTimestamp(text: string): boolean {
  if (!plainTimestamp.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text; // no 30th of February
}

function isAbsentOr(value: unknown, isPlain: (text: string) => boolean): boolean {
  return value === undefined || (typeof value === 'string' && isPlain(value));
}

/**
 * What the schema makes of a reading as most are sent, in a tenth of the time; undefined of any other, also of a
 * valid one, which the schema then judges.
 */
export function readPlainly(body: unknown): ReadingInput | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  for (const key of Object.keys(body)) if (!fields.has(key)) return undefined;
  const reading = body as Body & ReadingInput; // every field is looked at before it is used
  const { id, sensor_id = defaultSensorId, timestamp } = reading;
  const isPlain =
    features.every((feature) => isFeature(reading, feature)) &&
    isAbsentOr(sensor_id, (text) => plainSensorId.test(text)) &&
    isAbsentOr(id, (text) => plainId.test(text)) &&
    isAbsentOr(timestamp, isTimestamp);
  if (!isPlain) return undefined;
  const { temperature, humidity, sound_volume } = reading;
  return {
    temperature,
    humidity,
    sound_volume,
    sensor_id,
    ...(id !== undefined && { id }),
    ...(timestamp !== undefined && { timestamp }),
  };
}
