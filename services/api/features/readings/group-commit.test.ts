import { describe, expect, test } from 'vitest';
import { StorageError } from '../../storage/database-errors.ts';
import { climate } from '../../testing/climate.ts';
import { createGroupCommit } from './group-commit.ts';
import type { Committed } from './insert-readings.ts';
import type { ScoredReading } from './reading-row.ts';

function toRow(id: string): ScoredReading {
  const timestamp = '2026-03-01T12:00:00.000Z';
  const scored = { prediction: 0 as const, score: 0, model: 'm' };
  const reading = { id, type: climate, sensor_id: 's', timestamp, values: [24, 51, 60], ...scored };
  return { receivedAt: timestamp, sensor: 1, reading };
}

const outage = new StorageError('database_unavailable', 'outage');

/** Commits that the test resolves or rejects. */
function createCommits() {
  const begun: { ids: string[]; succeed: () => void; fail: (error: unknown) => void }[] = [];
  let onBegin: () => void = () => undefined;
  const commit = (rows: readonly ScoredReading[]) =>
    new Promise<Committed>((resolve, reject) => {
      const stored = new Map(rows.map(({ reading }) => [reading.id, reading]));
      begun.push({ ids: [...stored.keys()], succeed: () => resolve(stored), fail: reject });
      onBegin();
    });
  /** Resolves with the n-th commit once it has started. */
  async function at(number: number) {
    while (begun.length <= number) {
      await new Promise<void>((resolve) => {
        onBegin = resolve;
      });
    }
    return begun[number] as (typeof begun)[number];
  }
  return { commit, at };
}

const limits = { maxRowsPerCommit: 3, maxQueuedRows: 5, maxQueueAgeMs: 100 };

describe('createGroupCommit', () => {
  test('commits requests that arrive during a commit together, up to the limit, and each id once', async () => {
    const { commit, at } = createCommits();
    const group = createGroupCommit({ ...limits, commit });
    const first = group.submit([toRow('a')]);
    await at(0);
    const others = ['b', 'b', 'c', 'd'].map((id) => group.submit([toRow(id)]));
    (await at(0)).succeed();
    await first;
    expect((await at(1)).ids).toEqual(['b', 'c']);
    (await at(1)).succeed();
    expect((await at(2)).ids).toEqual(['d']);
    (await at(2)).succeed();
    expect((await Promise.all(others)).map((stored) => stored.size)).toEqual([2, 2, 2, 1]);
    await group.flush();
  });

  test('rejects requests beyond the queue limit, and all requests while the oldest waits too long', async () => {
    let ms = 0;
    const { commit, at } = createCommits();
    const group = createGroupCommit({ ...limits, commit, clock: () => ms });
    const first = group.submit([toRow('a')]);
    await at(0);
    const second = group.submit([toRow('b'), toRow('c')]);
    const tooMany = ['d', 'e', 'f', 'g'].map(toRow);
    await expect(group.submit(tooMany)).rejects.toMatchObject({
      code: 'overloaded',
      headers: { 'Retry-After': '1' },
    });
    ms = 101;
    await expect(group.submit([toRow('d')])).rejects.toMatchObject({ code: 'overloaded' });
    (await at(0)).succeed();
    (await at(1)).succeed();
    await Promise.all([first, second]);
    const third = group.submit([toRow('d')]);
    (await at(2)).succeed();
    await third;
  });

  test('tries an unavailable database with one request at a time, rejects the others, and recovers', async () => {
    const { commit, at } = createCommits();
    const group = createGroupCommit({ ...limits, commit });
    const first = group.submit([toRow('a')]);
    const begun = await at(0);
    const queued = group.submit([toRow('b')]);
    begun.fail(outage);
    await expect(first).rejects.toBe(outage);
    await expect(queued).rejects.toBe(outage);
    await group.flush();
    expect(group.fault()).toBe(outage);
    const probe = group.submit([toRow('c')]);
    await expect(group.submit([toRow('d')])).rejects.toBe(outage);
    (await at(1)).succeed();
    await probe;
    expect(group.fault()).toBe(undefined);
  });

  test('commits the other requests of a group when one cannot be stored', async () => {
    const { commit, at } = createCommits();
    const group = createGroupCommit({ ...limits, commit });
    const [bad, good] = [group.submit([toRow('bad')]), group.submit([toRow('good')])];
    bad.catch(() => undefined);
    (await at(0)).fail(new Error('too long'));
    (await at(1)).fail(new Error('too long'));
    (await at(2)).succeed();
    await expect(bad).rejects.toThrow('too long');
    expect([...(await good).keys()]).toEqual(['good']);
  });
});
