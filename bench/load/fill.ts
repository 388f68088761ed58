import { postLines } from './ndjson.ts';
import { drawReadings } from './readings.ts';

export interface Filling {
  rows: number;
  sensors: number;
}

const rowsPerChunk = 1000;

export function toSensorId(sensor: number): string {
  return `sensor-${String(sensor).padStart(4, '0')}`;
}

/** Readings up to now in order of time: of one sensor ten a second, of a thousand one every ten seconds each. */
function* toLines({ rows, sensors }: Filling): Generator<string> {
  const readings = drawReadings(20_000);
  const intervalMs = Math.min(100, Math.max(1, Math.round(10_000 / sensors)));
  const firstMs = Date.now() - rows * intervalMs;
  for (let start = 0; start < rows; start += rowsPerChunk) {
    const length = Math.min(rowsPerChunk, rows - start);
    const lines = Array.from({ length }, (_, index) => {
      const row = start + index;
      const timestamp = new Date(firstMs + row * intervalMs).toISOString();
      const reading = { ...readings[row % readings.length], sensor_id: toSensorId(row % sensors), timestamp };
      return `${JSON.stringify(reading)}\n`;
    });
    yield lines.join('');
  }
}

/** Fills the database of an API with readings that it scores and stores itself; resolves with the seconds that took. */
export async function fill(port: number, filling: Filling): Promise<number> {
  const begin = performance.now();
  await postLines({ port, lines: toLines(filling) });
  return (performance.now() - begin) / 1000;
}
