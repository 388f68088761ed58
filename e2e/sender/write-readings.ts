import { writeFileSync } from 'node:fs';

/** Writes a CSV of distinct rows with labels. */
export function writeReadings(file: string, rows: number): void {
  const lines = Array.from({ length: rows }, (_, row) => {
    const [temperature, humidity, soundVolume] = [row / 1000, row % 100, (row * 7) % 200];
    return `${temperature},${humidity},${soundVolume},${row % 2}`;
  });
  writeFileSync(file, ['temperature,humidity,sound_volume,target', ...lines, ''].join('\n'));
}
