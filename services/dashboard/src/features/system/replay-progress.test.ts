import type { Replay } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { describeLoop, toReplayProgress } from './replay-progress.ts';

const time = '2026-11-22T10:00:00.000Z';
const outcomes = { stored: 0, rejected: 0, bad: 0, dropped: 0, duplicates: 0 };
const load = { offered_per_second: 60, accepted_per_second: 50, shed: 0, p50_ms: 3, p99_ms: 9 };
const sender = {
  sender: 'a',
  state: 'active' as const,
  rows: 500,
  ...outcomes,
  load,
  first_seen: time,
  last_seen: time,
};
const replay: Replay = {
  name: 'readings',
  type: 'climate',
  replay_id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001',
  file_name: 'readings.csv',
  state: 'running',
  loops: 2,
  loop: 1,
  total_rows: 1000,
  done_rows: 1500,
  ...outcomes,
  taken_over: 0,
  load: { offered_per_second: 120, accepted_per_second: 100, p50_ms: 3.25, p99_ms: null },
  started_at: time,
  finished_at: null,
  senders: [sender, { ...sender, sender: 'b' }, { ...sender, sender: 'c', state: 'gone' }],
};

describe('toReplayProgress', () => {
  test('covers all loops, and estimates the time left from the rate of all senders', () => {
    expect(toReplayProgress(replay)).toEqual({
      share: 0.75,
      leftMs: 5000,
      text: '1\u202f500 of 2\u202f000 rows, 75.0 %',
    });
  });

  test('covers the current loop of an endless replay', () => {
    expect(toReplayProgress({ ...replay, loops: 0 })).toMatchObject({ share: 0.5, leftMs: null });
  });

  test('has no share before the total is known', () => {
    expect(toReplayProgress({ ...replay, total_rows: null })).toMatchObject({ share: null, leftMs: null });
  });

  test('has no time left for an idle replay, and is complete for an empty file', () => {
    expect(toReplayProgress({ ...replay, state: 'idle' }).leftMs).toBeNull();
    expect(toReplayProgress({ ...replay, total_rows: 0, done_rows: 0 }).share).toBe(1);
  });
});

test('describeLoop is one-based', () => {
  expect(describeLoop({ loop: 1, loops: 3 })).toBe('Loop 2 of 3');
  expect(describeLoop({ loop: 6, loops: 0 })).toBe('Loop 7, endless');
});
