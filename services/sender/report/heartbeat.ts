import { writeFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';

const heartbeatIntervalMs = 5000;

/** Touches a file at intervals, for health checks that look at its age. The returned function stops it. */
export function startHeartbeat(file: string, clock: Pick<Clock, 'every'>): () => void {
  if (file === '') return () => undefined;
  const beat = () => writeFileSync(file, '');
  beat();
  return clock.every(heartbeatIntervalMs, beat);
}
