import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { v4 } from 'uuid';
import { coalesce } from '../../../coalesce.ts';
import { selectRows } from '../../../storage/connection.ts';
import { createDueTimes } from './due-times.ts';
import { evaluateNext } from './evaluate-next.ts';
import { acquireLease, LeaseLost, releaseLease } from './evaluation-row.ts';
import { openSession } from './open-session.ts';
import type { Session, SessionOptions } from './session.ts';

/** The pause between two evaluations. */
export const evaluationIntervalMs = 200;
/** How often a process without the lease tries to take it. */
const acquireIntervalMs = 500;

interface EvaluationOptions extends SessionOptions {
  log: Logger;
}

/** Evaluates the rules over all stored readings, in one process at a time. */
export function createEvaluation({ log, ...options }: EvaluationOptions) {
  const holder = v4();
  const due = createDueTimes({ acquire: acquireIntervalMs });
  let session: Session | undefined;
  let isFailing = false;
  let isStopped = false;

  async function open(): Promise<Session | undefined> {
    if (isStopped || !due.isDue('acquire')) return undefined;
    const lease = await acquireLease(options.pool, holder);
    if (lease === undefined) return undefined;
    log.info({ fence: lease.fence }, 'this process evaluates the rules from now on');
    options.ownArrivals.want(await numbersWithoutGaps(options.pool));
    return openSession(options, lease);
  }

  async function evaluate(): Promise<void> {
    try {
      session ??= await open();
      for (let isMore = true; session && isMore && !isStopped; ) isMore = await evaluateNext(session);
      isFailing = false;
    } catch (err) {
      session = undefined;
      options.ownArrivals.want(false);
      if (err instanceof LeaseLost) log.info('another process has taken over the evaluation of the rules');
      else if (!isFailing) log.warn({ err }, 'the rules cannot be evaluated; retrying');
      isFailing = !(err instanceof LeaseLost);
    }
  }

  const evaluateOnce = coalesce(evaluate);
  return {
    /** Evaluates all readings that have arrived, if no other process does. Never rejects. */
    evaluate: (): Promise<void> => (isStopped ? Promise.resolve() : evaluateOnce()),
    /** Whether this process has evaluated the rules last. */
    isEvaluating: () => session !== undefined,
    /** Lets another process take over at once. Never rejects. */
    async stop(): Promise<void> {
      isStopped = true;
      await evaluateOnce(); // waits for the present evaluation
      const fence = session?.fence;
      session = undefined;
      if (fence === undefined) return;
      await releaseLease(options.pool, fence).catch((err: unknown) =>
        log.warn({ err }, 'the lease of the rules was not released'),
      );
    },
  };
}

/** Whether the rows of one INSERT have numbers without gaps: not where several servers take turns, as in Galera. */
export async function numbersWithoutGaps(pool: Pool): Promise<boolean> {
  const sql = 'SELECT @@auto_increment_increment AS step';
  const [row] = await selectRows<{ step: number }>(pool, { sql });
  return Number(row?.step) === 1;
}
