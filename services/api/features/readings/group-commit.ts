import { ApiError } from '../../http/errors.ts';
import { isUnavailable, type StorageError } from '../../storage/database-errors.ts';
import type { Committed } from './insert-readings.ts';
import type { ScoredReading } from './reading-row.ts';

export interface GroupCommit {
  /** Resolves once every row is committed (or was before). @throws ApiError `overloaded`; StorageError */
  submit: (rows: readonly ScoredReading[]) => Promise<Committed>;
  /** Resolves once nothing waits any more. */
  flush: () => Promise<void>;
  /** Why the last commit failed, where the database was to blame; undefined once one succeeds, or after a while. */
  fault: () => StorageError | undefined;
}

/** A fault that no commit has confirmed for so long tells nothing any more. */
const faultMemoryMs = 10_000;

interface GroupCommitOptions {
  commit: (rows: readonly ScoredReading[]) => Promise<Committed>;
  maxRowsPerCommit: number;
  maxQueuedRows: number;
  /** While the oldest waits for longer, nothing more is taken. */
  maxQueueAgeMs: number;
  /** Milliseconds that never go back. */
  clock?: () => number;
}

interface Waiting {
  rows: readonly ScoredReading[];
  sinceMs: number;
  resolve: (committed: Committed) => void;
  reject: (reason: unknown) => void;
}

/**
 * What arrives while one commit is under way shares the next: a lone request never waits for company, a crowd
 * shares its commits. Once the database is away, one request at a time tries it, and the others do not wait.
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

  function refuseQueue(reason: Error): void {
    const refused = queue;
    queue = [];
    queuedRows = 0;
    for (const { reject } of refused) reject(reason);
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const committed = await options.commit(toDistinctRows(group));
      fault = undefined;
      for (const { resolve } of group) resolve(committed);
    } catch (error) {
      const isAway = isUnavailable(error);
      if (isAway) {
        fault = error;
        faultMs = clock();
        refuseQueue(error);
      }
      if (isAway || group.length === 1) for (const { reject } of group) reject(error);
      else for (const waiting of group) await commitGroup([waiting]); // one's fault is not its neighbours'
    }
  }

  /** Begins once all that has arrived is parsed. */
  async function run(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (queue.length > 0) await commitGroup(takeGroup());
    running = undefined;
  }

  function findRefusal(rows: number): Error | undefined {
    if (fault && running) return fault;
    if (queuedRows + rows > options.maxQueuedRows)
      return toOverloaded(`${queuedRows} readings wait for the database already`);
    const [oldest] = queue;
    if (oldest && clock() - oldest.sinceMs > options.maxQueueAgeMs)
      return toOverloaded(`readings have waited for the database for ${options.maxQueueAgeMs} ms`);
    return undefined;
  }

  return {
    submit(rows) {
      const refusal = findRefusal(rows.length);
      if (refusal) return Promise.reject(refusal);
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

/** How many requests share the next commit: at least one. */
function countGroup(queue: readonly Waiting[], maxRows: number): number {
  let rows = 0;
  const end = queue.findIndex((waiting, index) => {
    rows += waiting.rows.length;
    return index > 0 && rows > maxRows;
  });
  return end < 0 ? queue.length : end;
}

/** The rows of a group; the first of two with the same id is the one stored. */
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
