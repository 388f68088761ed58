import { writeFileSync } from 'node:fs';
import type { Every } from './report/progress.ts';

const heartbeatIntervalMs = 5000;

/** Touches the file now and then; a health check asks how long ago. Returns what ends it. */
export function startHeartbeat(file: string, every: Every): () => void {
  if (file === '') return () => undefined;
  const beat = () => writeFileSync(file, '');
  beat();
  return every(heartbeatIntervalMs, beat);
}
