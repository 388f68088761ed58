import axios from 'axios';
import { z } from 'zod';
import { normalValues } from './post-reading.ts';

const answerSchema = z.object({ accepted: z.number() });

/** Sends readings of a sensor, one per second up to now, with the temperatures 20, 20.1 … */
export async function postReadings(apiUrl: string, sensor_id: string, count: number): Promise<void> {
  const endMs = Date.now();
  const readings = Array.from({ length: count }, (_, index) => ({
    ...normalValues,
    sensor_id,
    temperature: Math.round(200 + index) / 10,
    timestamp: new Date(endMs - (count - index) * 1000).toISOString(),
  }));
  const { data } = await axios.post<unknown>(`${apiUrl}/predict`, readings);
  if (answerSchema.parse(data).accepted !== count) throw new Error('not every reading was accepted');
}
