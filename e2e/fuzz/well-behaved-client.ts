import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { predictionSchema } from '@sensor-sentinel/contracts';
import type { StoredAnswer } from './oracle.ts';

export interface ClientReport {
  answered: StoredAnswer[];
  /** How many answers were 429 or 503 and led to another attempt. */
  retries: number;
  faults: string[];
}

const maxAttempts = 5;
const maxFaults = 20;

function toReading(sensorId: string): object {
  return { id: randomUUID(), sensor_id: sensorId, temperature: 24, humidity: 51, sound_volume: 60 };
}

/** Sends one reading after the other, and asks as a dashboard does; everything must be answered 200. */
export async function runClient(
  { url, name }: { url: string; name: string },
  isOver: () => boolean,
): Promise<ClientReport> {
  const report: ClientReport = { answered: [], retries: 0, faults: [] };

  async function attempt(path: string, body: string | undefined): Promise<string | undefined> {
    for (let attempts = 1; ; attempts++) {
      const answer = await fetch(`${url}${path}`, {
        ...(body !== undefined && { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      if (answer.status === 200) return text;
      const retryAfter = Number(answer.headers.get('retry-after'));
      const mayRetry = [429, 503].includes(answer.status) && retryAfter > 0 && attempts < maxAttempts;
      if (!mayRetry) {
        report.faults.push(`${answer.status} to ${path}: ${text.slice(0, 300)}`);
        return undefined;
      }
      report.retries += 1;
      await delay(retryAfter * 1000); // as the answer asks
    }
  }

  try {
    while (!isOver() && report.faults.length < maxFaults) {
      const answer = await attempt('/predict', JSON.stringify(toReading(name)));
      if (answer !== undefined) report.answered.push(predictionSchema.parse(JSON.parse(answer)));
      await attempt('/alerts', undefined);
      await attempt('/readyz', undefined);
    }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${String(error.cause)})` : '';
    report.faults.push(`${String(error)}${cause}`);
  }
  return report;
}
