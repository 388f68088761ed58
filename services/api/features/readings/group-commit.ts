import { ApiError } from '../../http/errors.ts';
import { isUnavailable, type StorageError } from '../../storage/database-errors.ts';
import type { Commit, Committed } from './insert-readings.ts';
import type { ScoredReading } from './reading-row.ts';

/** A queue of scored readings that are committed in groups. */
export interface GroupCommit {
  /** Resolves when every row is committed, now or earlier. @throws ApiError `overloaded`; StorageError */
  submit: (rows: readonly ScoredReading[]) => Promise<Committed>;
  /** Resolves when the queue is empty and its last commit has ended. */
  flush: () => Promise<void>;
  /** The database error of the last commit; undefined after a successful commit, or after 10 seconds. */
  fault: () => StorageError | undefined;
}

/** The number of readings that share a commit, unless a single request has more. */
export const maxRowsPerCommit = 1000;

/** How long a fault is reported while no commit repeats it. */
const faultMemoryMs = 10_000;

interface GroupCommitOptions {
  commit: Commit;
  maxRowsPerCommit: number;
  maxQueuedRows: number;
  /** While the oldest request waits longer than this, further ones are rejected. */
  maxQueueAgeMs: number;
  /** A monotonic clock, in milliseconds. */
  clock?: () => number;
}

interface Waiting {
  rows: readonly ScoredReading[];
  sinceMs: number;
  resolve: (committed: Committed) => void;
  reject: (reason: unknown) => void;
}

/**
 * Requests that arrive during a commit share the next one: a single request is committed immediately, and concurrent
 * requests share commits. While the database is unavailable, one request at a time tries it and the others fail fast.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { clock = () => performance.now() } = options;
  let queue: Waiting[] = [];
  let queuedRows = 0;
  let running: Promise<void> | undefined;
  let fault: StorageError | undefined;
  let faultMs = 0;

  function takeGroup(): Waiting[] {
    const group = queue.splice(0, countGroup(queue, options.maxRowsPerCommit));
    queuedRows -= group.reduce((sum, { rows }) => sum + rows.length, 0);
    return group;
  }

  function rejectQueue(reason: Error): void {
    const rejected = queue;
    queue = [];
    queuedRows = 0;
    for (const { reject } of rejected) reject(reason);
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const committed = await options.commit(toDistinctRows(group));
      fault = undefined;
      for (const { resolve } of group) resolve(committed);
    } catch (error) {
      const isOutage = isUnavailable(error);
      if (isOutage) {
        fault = error;
        faultMs = clock();
        rejectQueue(error);
      }
      if (isOutage || group.length === 1) for (const { reject } of group) reject(error);
      else for (const waiting of group) await commitGroup([waiting]); // only the request with the faulty row fails
    }
  }

  /** Starts after the current turn of the event loop, when all received requests are parsed. */
  async function run(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (queue.length > 0) await commitGroup(takeGroup());
    running = undefined;
  }

  function findRejection(rows: number): Error | undefined {
    if (fault && running) return fault;
    if (queuedRows + rows > options.maxQueuedRows)
      return toOverloaded(`${queuedRows} readings are already queued for the database`);
    const [oldest] = queue;
    if (oldest && clock() - oldest.sinceMs > options.maxQueueAgeMs)
      return toOverloaded(
        `Readings have been queued for the database for more than ${options.maxQueueAgeMs} ms`,
      );
    return undefined;
  }

  return {
    submit(rows) {
      const rejection = findRejection(rows.length);
      if (rejection) return Promise.reject(rejection);
      queuedRows += rows.length;
      const answer = new Promise<Committed>((resolve, reject) => {
        queue.push({ rows, sinceMs: clock(), resolve, reject });
      });
      running ??= run();
      return answer;
    },
    flush: () => running ?? Promise.resolve(),
    fault: () => (clock() - faultMs < faultMemoryMs ? fault : undefined),
  };
}

/** Number of requests that share the next commit; at least one. */
function countGroup(queue: readonly Waiting[], maxRows: number): number {
  let rows = 0;
  const end = queue.findIndex((waiting, index) => {
    rows += waiting.rows.length;
    return index > 0 && rows > maxRows;
  });
  return end < 0 ? queue.length : end;
}

/** The rows of a group without repeated ids; the first row of an id is stored. */
function toDistinctRows(group: readonly Waiting[]): ScoredReading[] {
  const rows = new Map<string, ScoredReading>();
  for (const waiting of group) {
    for (const row of waiting.rows) if (!rows.has(row.reading.id)) rows.set(row.reading.id, row);
  }
  return [...rows.values()];
}

function toOverloaded(reason: string): ApiError {
  const detail = `${reason}. Try again in a second.`;
  return new ApiError('overloaded', { detail });
}
