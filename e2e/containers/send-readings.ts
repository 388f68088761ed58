import { randomUUID } from 'node:crypto';
import {
  type Prediction,
  predictionSchema,
  readingsPageSchema,
  type StoredReading,
  statsSchema,
} from '@sensor-sentinel/contracts';
import axios from 'axios';
import { expect } from 'vitest';
import { normalValues } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';

const clientCount = 8;

export async function countReadings(apiUrl: string, sensorId: string): Promise<number> {
  const { data } = await axios.get<unknown>(`${apiUrl}/stats`, { params: { sensor_id: sensorId } });
  return statsSchema.parse(data).count;
}

async function listReadings(apiUrl: string, sensorId: string): Promise<StoredReading[]> {
  const readings: StoredReading[] = [];
  let cursor: string | undefined;
  do {
    const params = { sensor_id: sensorId, limit: 500, cursor };
    const page = readingsPageSchema.parse((await axios.get(`${apiUrl}/readings`, { params })).data);
    readings.push(...page.readings);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return readings;
}

/** Sends one reading, with the same id, until it is answered 200. */
async function deliver(apiUrl: string, sensorId: string, signal: AbortSignal): Promise<Prediction> {
  const reading = { ...normalValues, id: randomUUID(), sensor_id: sensorId };
  const options = { validateStatus: () => true, timeout: 15_000, signal };
  for (;;) {
    const answer = await axios.post<unknown>(`${apiUrl}/predict`, reading, options).catch(() => undefined);
    if (answer?.status === 200) return predictionSchema.parse(answer.data);
    signal.throwIfAborted();
  }
}

export interface Sending {
  /** Resolves when `more` further readings have been answered. */
  answered: (more: number) => Promise<void>;
  /** Stops, and expects that exactly what was answered is stored: each reading once, with its very answer. */
  finish: () => Promise<void>;
}

/** Several clients send readings of one sensor, each the next one as soon as the last is answered. */
export function startSending(apiUrl: string, sensorId: string, signal: AbortSignal): Sending {
  const predictions: Prediction[] = [];
  let isOver = false;
  const clients = Array.from({ length: clientCount }, async () => {
    while (!isOver) predictions.push(await deliver(apiUrl, sensorId, signal));
  });
  return {
    async answered(more) {
      const enough = predictions.length + more;
      await waitUntil(async () => predictions.length >= enough, signal);
    },
    async finish() {
      isOver = true;
      await Promise.all(clients);
      const stored = await listReadings(apiUrl, sensorId);
      expect(stored.map(({ id }) => id).toSorted()).toEqual(predictions.map(({ id }) => id).toSorted());
      const storedById = new Map(stored.map((reading) => [reading.id, reading]));
      for (const prediction of predictions) expect(storedById.get(prediction.id)).toMatchObject(prediction);
    },
  };
}
