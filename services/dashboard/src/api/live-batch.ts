import {
  alertEventSchema,
  modelEventSchema,
  type ReadingEvent,
  readingEventSchema,
  refetchEventSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';

/** What came by the stream since it was last made use of. */
export interface LiveBatch {
  /** The newest reading of each sensor that sent any, by arrival. */
  readings: Map<string, ReadingEvent>;
  /** The alerts are to be asked for: the readings do not tell what they are. */
  asksAlerts: boolean;
  hasModel: boolean;
  /** Something is missing: everything is to be asked for again. */
  hasGap: boolean;
}

export const liveEventNames = ['reading', 'alert', 'model', 'refetch'] as const;
export type LiveEventName = (typeof liveEventNames)[number];

export function createBatch(): LiveBatch {
  return { readings: new Map(), asksAlerts: false, hasModel: false, hasGap: false };
}

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
});
const readingText = jsonText.pipe(readingEventSchema);
const alertText = jsonText.pipe(alertEventSchema);
const others = {
  model: jsonText.pipe(modelEventSchema),
  refetch: jsonText.pipe(refetchEventSchema),
};

/** Adds an event. One that does not keep to the contract counts as missing. */
export function addEvent(batch: LiveBatch, name: LiveEventName, text: unknown): void {
  if (name === 'alert') {
    const { data: alert } = alertText.safeParse(text);
    batch.asksAlerts ||= alert?.state === 'silent';
    batch.hasGap ||= alert === undefined;
    return;
  }
  if (name !== 'reading') {
    const isValid = others[name].safeParse(text).success;
    batch.hasModel ||= isValid && name === 'model';
    batch.hasGap ||= !isValid || name === 'refetch';
    return;
  }
  const { data: reading } = readingText.safeParse(text);
  if (reading === undefined) {
    batch.hasGap = true;
    return;
  }
  const known = batch.readings.get(reading.sensor_id);
  if (known === undefined || known.received_at <= reading.received_at)
    batch.readings.set(reading.sensor_id, reading);
}
