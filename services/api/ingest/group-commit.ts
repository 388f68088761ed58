import { ApiError } from '../errors.ts';
import type { Committed, ScoredReading } from '../storage/insert-readings.ts';

interface GroupCommitOptions {
  commit: (rows: readonly ScoredReading[]) => Promise<Committed>;
  maxRowsPerCommit: number;
  maxQueuedRows: number;
}

interface Waiting {
  rows: readonly ScoredReading[];
  resolve: (committed: Committed) => void;
  reject: (reason: unknown) => void;
}

export interface GroupCommit {
  /** Resolves once every row is committed (or was before). @throws ApiError `overloaded` */
  submit: (rows: readonly ScoredReading[]) => Promise<Committed>;
  /** Resolves once nothing waits any more. */
  flush: () => Promise<void>;
}

/**
 * What arrives while one commit is under way shares the next: a lone request never waits for company,
 * a crowd shares its commits. The first of two rows with the same id in one group is the one stored.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const queue: Waiting[] = [];
  let queuedRows = 0;
  let running: Promise<void> | undefined;

  function takeGroup(): Waiting[] {
    let rows = 0;
    let length = 0;
    for (const waiting of queue) {
      if (length > 0 && rows + waiting.rows.length > options.maxRowsPerCommit) break;
      rows += waiting.rows.length;
      length++;
    }
    queuedRows -= rows;
    return queue.splice(0, length);
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    const rows = new Map<string, ScoredReading>();
    for (const row of group.flatMap((waiting) => waiting.rows)) {
      if (!rows.has(row.reading.id)) rows.set(row.reading.id, row);
    }
    try {
      const committed = await options.commit([...rows.values()]);
      for (const { resolve } of group) resolve(committed);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async function run(): Promise<void> {
    while (queue.length > 0) await commitGroup(takeGroup());
    running = undefined;
  }

  return {
    submit(rows) {
      if (queuedRows + rows.length > options.maxQueuedRows) {
        const detail = `${queuedRows} readings wait for the database already. Try again in a second.`;
        return Promise.reject(new ApiError('overloaded', { detail, headers: { 'Retry-After': '1' } }));
      }
      queuedRows += rows.length;
      const answer = new Promise<Committed>((resolve, reject) => {
        queue.push({ rows, resolve, reject });
      });
      running ??= run();
      return answer;
    },
    flush: () => running ?? Promise.resolve(),
  };
}
