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

/** Sends one reading after the other, and asks as a dashboard does; everything must be answered 200. Ends at the first fault. */
export async function runClient(
  url: string,
  sensor_id: string,
  isOver: () => boolean,
): Promise<ClientReport> {
  const report: ClientReport = { answered: [], retries: 0, faults: [] };

  async function ask(path: string, body?: string): Promise<unknown> {
    for (let attempts = 1; ; attempts++) {
      const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const answer = await fetch(`${url}${path}`, body === undefined ? {} : { ...post, body });
      const text = await answer.text();
      if (answer.status === 200) return JSON.parse(text);
      const retryAfter = Number(answer.headers.get('retry-after'));
      const mayRetry = [429, 503].includes(answer.status) && retryAfter > 0 && attempts < maxAttempts;
      if (!mayRetry) throw new Error(`${answer.status} to ${path}: ${text.slice(0, 300)}`);
      report.retries += 1;
      await delay(retryAfter * 1000); // as the answer asks
    }
  }

  try {
    while (!isOver()) {
      const reading = { id: randomUUID(), sensor_id, temperature: 24, humidity: 51, sound_volume: 60 };
      report.answered.push(predictionSchema.parse(await ask('/predict', JSON.stringify(reading))));
      await ask('/alerts');
      await ask('/readyz');
    }
  } catch (error) {
    report.faults.push(`${error}${error instanceof Error && error.cause ? ` (${error.cause})` : ''}`);
  }
  return report;
}
