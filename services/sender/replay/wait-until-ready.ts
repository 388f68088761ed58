import { healthSchema } from '@sensor-sentinel/contracts';
import type { Clock } from '../clock.ts';
import { type Reply, toReason } from '../load/deliver.ts';
import type { Log } from '../log.ts';
import type { ControlClient } from './control-client.ts';

const pollIntervalMs = 500;
const logIntervalMs = 10_000;

interface ReadyOptions {
  control: ControlClient;
  clock: Clock;
  log: Log;
  /** 0: no limit. */
  timeoutMs: number;
  stop: AbortSignal;
}

/** Polls `GET /readyz`. `late`: the API was not ready in time. */
export async function waitUntilReady(options: ReadyOptions): Promise<'ready' | 'late' | 'stopped'> {
  const { control, clock, log, timeoutMs, stop } = options;
  const startedAtMs = clock.elapsed();
  let loggedAtMs: number | undefined;
  while (!stop.aborted) {
    const fault = findFault(await control.request({ method: 'get', url: '/readyz', signal: stop }));
    if (fault === undefined) {
      if (loggedAtMs !== undefined) log('the API is ready');
      return 'ready';
    }
    if (stop.aborted) break;
    const nowMs = clock.elapsed();
    if (timeoutMs > 0 && nowMs - startedAtMs >= timeoutMs) {
      log(`gave up waiting for the API after ${timeoutMs} ms: GET /readyz ${fault}`);
      return 'late';
    }
    if (loggedAtMs === undefined || nowMs - loggedAtMs >= logIntervalMs) {
      log(`waiting for the API: GET /readyz ${fault}`);
      loggedAtMs = nowMs;
    }
    await clock.sleep(pollIntervalMs, stop);
  }
  return 'stopped';
}

function findFault(reply: Reply): string | undefined {
  if ('unreachable' in reply || reply.status !== 200) return toReason(reply);
  return healthSchema.safeParse(reply.body).success ? undefined : 'answered 200, but not as this API does';
}
