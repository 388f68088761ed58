import { type Prediction, predictionSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';

export const normalValues = { temperature: 24, humidity: 51, sound_volume: 60 };
export const anomalousValues = { temperature: 19.5, humidity: 41, sound_volume: 99 };

/** Sends one reading as a user's curl does. */
export async function postReading(apiUrl: string, reading: Record<string, unknown>): Promise<Prediction> {
  const { data } = await axios.post<unknown>(`${apiUrl}/predict`, reading);
  return predictionSchema.parse(data);
}
