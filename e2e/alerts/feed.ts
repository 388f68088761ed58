import { randomUUID } from 'node:crypto';
import { type normalValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';

interface FeedOptions {
  sensor: string;
  values: typeof normalValues;
  signal: AbortSignal;
}

/** Sends a reading to each of these APIs, one after another, and again until it is accepted. */
export async function feed(
  apiUrls: readonly string[],
  { sensor, values, signal }: FeedOptions,
): Promise<void> {
  for (const url of apiUrls) {
    const reading = { id: randomUUID(), sensor_id: sensor, ...values };
    await waitUntil(async () => (await postReading(url, reading)).id === reading.id, signal);
  }
}
