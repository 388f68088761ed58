import { problemSchema } from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';

export interface Answer {
  status: number;
  body: unknown;
  /** The API had stored the reading before: `Idempotency-Replayed: true`. */
  isDuplicate: boolean;
  retryAfterMs: number | undefined;
}
/** No answer, and why. */
export interface Unreachable {
  unreachable: string;
}
export type Reply = Answer | Unreachable;

/** `unreadable`: answered 200 with a body that breaks the contract. `unfinished`: aborted before an answer. */
export type Delivery<Body> =
  | { outcome: 'accepted'; body: Body; isDuplicate: boolean }
  | { outcome: 'rejected' | 'unreadable'; detail: string; status: number }
  | { outcome: 'unfinished' };

interface RetryOptions {
  clock: Pick<Clock, 'sleep'>;
  random: () => number;
  /** `status` is undefined where there was no answer. */
  onRetry: (reason: string, status: number | undefined) => void;
}

interface Message<Body> {
  attempt: () => Promise<Reply>;
  schema: z.ZodType<Body>;
  signal: AbortSignal;
}

export type Deliver = ReturnType<typeof createDeliver>;

const transientStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
/** An internal error may be temporary, or caused by this very reading: it must not be retried forever. */
const maxAttemptsAt500 = 5;

/** Repeats an attempt until it has a final answer or the signal is aborted. */
export function createDeliver({ clock, random, onRetry }: RetryOptions) {
  return async function deliver<Body>({ attempt, schema, signal }: Message<Body>): Promise<Delivery<Body>> {
    for (let attempts = 1; ; attempts += 1) {
      const reply = await attempt();
      const isAnswer = !('unreachable' in reply);
      if (isAnswer && isFinal(reply.status, attempts)) return toDelivery(reply, schema);
      if (signal.aborted) return { outcome: 'unfinished' };
      onRetry(toReason(reply), isAnswer ? reply.status : undefined);
      const retryAfterMs = isAnswer ? reply.retryAfterMs : undefined;
      await clock.sleep(toDelayMs({ attempt: attempts, retryAfterMs, random }), signal);
      if (signal.aborted) return { outcome: 'unfinished' };
    }
  };
}

function isFinal(status: number, attempts: number): boolean {
  return !transientStatuses.has(status) && (status !== 500 || attempts >= maxAttemptsAt500);
}

function toDelivery<Body>(answer: Answer, schema: z.ZodType<Body>): Delivery<Body> {
  const { status, isDuplicate } = answer;
  if (status !== 200) return { outcome: 'rejected', detail: toReason(answer), status };
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return { outcome: 'accepted', body: parsed.data, isDuplicate };
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

export const baseDelayMs = 100;
export const maxDelayMs = 5_000;
export const maxRetryAfterMs = 60_000;

interface FailedAttempt {
  /** Counts from 1. */
  attempt: number;
  retryAfterMs: number | undefined;
  /** Uniform on [0, 1). */
  random: () => number;
}

/** Exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015), after `Retry-After`. */
export function toDelayMs({ attempt, retryAfterMs = 0, random }: FailedAttempt): number {
  const ceilingMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  return Math.min(maxRetryAfterMs, retryAfterMs) + random() * ceilingMs;
}

/** RFC 9110, 10.2.3: whole seconds or an HTTP date. Anything else counts as missing. */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
