import { problemSchema } from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import type { Sleep } from '../clock.ts';
import type { Answer, Reply } from './api-client.ts';
import { toDelayMs } from './backoff.ts';

/** `unreadable`: answered 200, but not with what the contract says. `unfinished`: given up because told to stop. */
export type Delivery<Body> =
  | { outcome: 'accepted'; body: Body; replayed: boolean }
  | { outcome: 'rejected' | 'unreadable'; detail: string; status: number }
  | { outcome: 'unfinished' };

type Delivering = {
  sleep: Sleep;
  random: () => number;
  /** The status is undefined where there was no answer. */
  onRetry: (reason: string, status?: number) => void;
};
type Message<Body> = {
  attempt: () => Promise<Reply>;
  schema: z.ZodType<Body>;
  signal: AbortSignal;
};
export type Deliver = ReturnType<typeof createDeliver>;

const transientStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
/** A fault inside the API may pass, or may be this reading's own: it must not be tried for ever. */
const maxAttemptsAt500 = 5;

/** Tries again for as long as the fault is one that passes. Only an aborted signal ends that. */
export function createDeliver({ sleep, random, onRetry }: Delivering) {
  return async function deliver<Body>({ attempt, schema, signal }: Message<Body>): Promise<Delivery<Body>> {
    for (let attempts = 1; ; attempts += 1) {
      const reply = await attempt();
      if (!('unreachable' in reply) && isFinal(reply.status, attempts)) return toDelivery(reply, schema);
      if (signal.aborted) return { outcome: 'unfinished' };
      onRetry(toReason(reply), 'unreachable' in reply ? undefined : reply.status);
      const retryAfterMs = 'unreachable' in reply ? undefined : reply.retryAfterMs;
      await sleep(toDelayMs({ attempt: attempts, retryAfterMs, random }), signal);
      if (signal.aborted) return { outcome: 'unfinished' };
    }
  };
}

function isFinal(status: number, attempts: number): boolean {
  return !transientStatuses.has(status) && (status !== 500 || attempts >= maxAttemptsAt500);
}

function toDelivery<Body>(answer: Answer, schema: z.ZodType<Body>): Delivery<Body> {
  const { status } = answer;
  if (status !== 200) return { outcome: 'rejected', detail: toReason(answer), status };
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return { outcome: 'accepted', body: parsed.data, replayed: answer.replayed };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  return { outcome: 'unreadable', detail: `answered 200 with ${faults.slice(0, 3).join('; ')}`, status };
}

export function toReason(reply: Reply): string {
  if ('unreachable' in reply) return reply.unreachable;
  const problem = problemSchema.safeParse(reply.body);
  if (!problem.success) return `answered ${reply.status}`;
  const fields = problem.data.errors.map(({ path, message }) => `${path || 'body'}: ${message}`);
  return [`answered ${reply.status} ${problem.data.detail}`, ...fields].join('; ');
}
