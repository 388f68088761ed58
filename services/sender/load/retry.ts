import { problemSchema, toIssueTexts } from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { OutageLog } from '../log.ts';

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

/**
 * `unreadable`: answered 200 with a body that breaks the contract. `unfinished`: aborted before an answer.
 */
export type Delivery<Body> =
  | { outcome: 'accepted'; body: Body; isDuplicate: boolean }
  | ({ outcome: 'rejected' | 'unreadable'; detail: string; status: number } & Refusal)
  | { outcome: 'unfinished' };

interface Refusal {
  /** The API has as many types or sensors as it may have. */
  isLimit?: boolean;
  /** The fields at fault. */
  paths?: readonly string[];
}

const transientStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
/** An internal error may be temporary, or caused by this very reading: it must not be retried forever. */
const maxAttemptsAt500 = 5;

/** Whether a reply is not followed by another attempt. `attempts` counts this one, too. */
export function isFinal<Reply extends Answer>(reply: Reply | Unreachable, attempts: number): reply is Reply {
  if ('unreachable' in reply || transientStatuses.has(reply.status)) return false;
  return reply.status !== 500 || attempts >= maxAttemptsAt500;
}

export function toDelivery<Body>(answer: Answer, schema: z.ZodType<Body>): Delivery<Body> {
  const { status, isDuplicate } = answer;
  if (status !== 200 && status !== 201)
    return { outcome: 'rejected', detail: toReason(answer), status, ...toRefusal(answer.body) };
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return { outcome: 'accepted', body: parsed.data, isDuplicate };
  const faults = toIssueTexts(parsed.error).slice(0, 3).join('; ');
  return { outcome: 'unreadable', detail: `answered 200 with ${faults}`, status };
}

function toRefusal(body: unknown): Refusal {
  const problem = problemSchema.safeParse(body).data;
  if (problem?.type.endsWith('limit_reached')) return { isLimit: true };
  const paths = problem?.errors.map(({ path }) => path) ?? [];
  return paths.length > 0 ? { paths } : {};
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
  reply: Reply;
  /** Attempts so far. */
  attempts: number;
  clock: Pick<Clock, 'sleep'>;
  /** Uniform on [0, 1). */
  random: () => number;
  outages: Pick<OutageLog, 'onRetry'>;
  abort: AbortSignal;
}

/** Logs the outage and waits. Resolves to false if there is to be no other attempt, because it is aborted. */
export async function waitForRetry(failed: FailedAttempt): Promise<boolean> {
  const { reply, attempts, clock, random, outages, abort } = failed;
  if (abort.aborted) return false;
  outages.onRetry(toReason(reply));
  const retryAfterMs = 'unreachable' in reply ? undefined : reply.retryAfterMs;
  await clock.sleep(toDelayMs({ attempts, retryAfterMs, random }), abort);
  return !abort.aborted;
}

interface Delay extends Pick<FailedAttempt, 'attempts' | 'random'> {
  retryAfterMs: number | undefined;
}

/** Exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015), after `Retry-After`. */
export function toDelayMs({ attempts, retryAfterMs = 0, random }: Delay): number {
  const ceilingMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1));
  return Math.min(maxRetryAfterMs, retryAfterMs) + random() * ceilingMs;
}

/** RFC 9110, 10.2.3: whole seconds or an HTTP date. Anything else counts as missing. */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
