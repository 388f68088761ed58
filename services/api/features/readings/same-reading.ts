import type { ReadingInput, StoredReading } from '@sensor-sentinel/contracts';

/** Whether a repeated id comes with what is stored under it. A timestamp that was left out is not compared. */
export function isSameReading(input: ReadingInput, stored: StoredReading): boolean {
  return (
    input.sensor_id === stored.sensor_id &&
    input.temperature === stored.temperature &&
    input.humidity === stored.humidity &&
    input.sound_volume === stored.sound_volume &&
    (input.timestamp === undefined || input.timestamp === stored.timestamp)
  );
}
