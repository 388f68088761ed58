import {
  alertEventSchema,
  modelEventSchema,
  type ReadingEvent,
  readingEventSchema,
  refetchEventSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { LiveEventName } from './live-stream.ts';

/** The events of the stream that have not been applied yet. */
export interface LiveBatch {
  /** The newest reading of each sensor, by arrival time. */
  readings: Map<string, ReadingEvent>;
  /** The alerts must be fetched because they cannot be derived from the readings. */
  needsAlerts: boolean;
  hasModel: boolean;
  /** Events were lost, so everything must be fetched again. */
  hasGap: boolean;
}

export function createBatch(): LiveBatch {
  return { readings: new Map(), needsAlerts: false, hasModel: false, hasGap: false };
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

/** Adds an event. An event that does not match its schema counts as lost. */
export function addEvent(batch: LiveBatch, name: LiveEventName, text: unknown): void {
  if (name === 'alert') {
    const { data: alert } = alertText.safeParse(text);
    batch.needsAlerts ||= alert?.state === 'silent';
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
