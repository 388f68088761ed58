import { healthSchema } from '@sensor-sentinel/contracts';
import type { Log } from './bounded-log.ts';
import type { Clock, Sleep } from './clock.ts';
import type { ApiClient, Reply } from './transport/api-client.ts';
import { toReason } from './transport/deliver.ts';

const pollMs = 500;
const sayEveryMs = 10_000;

type Waiting = {
  client: ApiClient;
  clock: Clock;
  sleep: Sleep;
  log: Log;
  /** 0: for ever. */
  timeoutMs: number;
  stop: AbortSignal;
};

/** `late`: it was not ready in time. */
export async function waitUntilReady(waiting: Waiting): Promise<'ready' | 'late' | 'stopped'> {
  const { client, clock, sleep, log, timeoutMs, stop } = waiting;
  const startedAt = clock.elapsed();
  let saidAt: number | undefined;
  while (!stop.aborted) {
    const reply = await client.get('/readyz', stop);
    const fault = findFault(reply);
    if (fault === undefined) {
      if (saidAt !== undefined) log('the API is ready');
      return 'ready';
    }
    if (stop.aborted) break;
    const now = clock.elapsed();
    if (timeoutMs > 0 && now - startedAt >= timeoutMs) {
      log(`gave up waiting for the API after ${timeoutMs} ms: GET /readyz ${fault}`);
      return 'late';
    }
    if (saidAt === undefined || now - saidAt >= sayEveryMs) {
      log(`waiting for the API: GET /readyz ${fault}`);
      saidAt = now;
    }
    await sleep(pollMs, stop);
  }
  return 'stopped';
}

function findFault(reply: Reply): string | undefined {
  if ('unreachable' in reply || reply.status !== 200) return toReason(reply);
  return healthSchema.safeParse(reply.body).success ? undefined : 'answered 200, but not as the API does';
}
