import { createBoundedLog, type Log } from '../bounded-log.ts';
import { createReadingIds } from '../identity/reading-ids.ts';
import type { DueTimes } from '../schedule/due-times.ts';
import type { RowFaults } from '../schedule/faults.ts';
import type { RowReader } from '../source/row-reader.ts';
import { createDeliver } from '../transport/deliver.ts';
import type { AwayLog } from './away-log.ts';
import type { FileCounts } from './file-counts.ts';
import { createLeases } from './leases.ts';
import { type Placed, planRows } from './plan-rows.ts';
import { createReplayClient } from './replay-client.ts';
import { type LoadOptions, replayFile } from './replay-file.ts';
import { createLabelSender } from './send-labels.ts';

export const maxNamedFaults = 20;

export type Replaying = {
  replay: string;
  sender: string;
  loops: number;
  reader: Pick<RowReader, 'name' | 'state' | 'read' | 'totalRows'>;
  load: LoadOptions;
  counts: FileCounts;
  away: AwayLog;
  log: Log;
  toChunkRows: () => number;
  toLoopStart: (loop: number) => Promise<number>;
  toFaults: (at: { loop: number; row: number }) => RowFaults;
  toTimestamp: (placed: Placed, startedAt: string) => string | undefined;
  dueTimes: DueTimes;
  onPlanned: () => void;
};

/** Takes part in a replay until it is finished, or told to stop. @throws ReplayFault, FileFault */
export async function startReplay(replaying: Replaying): Promise<void> {
  const { reader, load, counts, away, log, dueTimes } = replaying;
  const { client, measures, sleep, stop, abort } = load;
  const { name, state } = reader;
  const deliver = createDeliver({ ...load, onRetry: away.onRetry });
  const logLabels = createBoundedLog({ log, limit: maxNamedFaults, kind: 'faults of labels' });
  const labels = createLabelSender({ client, deliver, counts, name, log: logLabels, sleep, abort });
  const file = { name: state.name, fingerprint: state.fingerprint };
  const request = { sender: replaying.sender, loops: replaying.loops, file };
  const terms = createTerms(dueTimes);
  const leases = createLeases({
    ...{ sleep, log, stop, abort, load: measures.snapshot },
    api: createReplayClient({ client, deliver, onAnswer: away.onAnswer, name: replaying.replay, request }),
    toRows: replaying.toChunkRows,
    totalRows: reader.totalRows,
    onTerms: terms.set,
    onSenders: dueTimes.share,
    onWaiting: dueTimes.rest,
  });
  const logBadRow = createBoundedLog({ log, limit: maxNamedFaults, kind: 'bad rows' });
  const planning = {
    ...replaying,
    toId: terms.toId,
    toTimestamp: (placed: Placed) => replaying.toTimestamp(placed, terms.startedAt()),
    onBadRow: (row: { loop: number; line: number; fault: string }) => {
      if (row.loop === 0) logBadRow(`${name}:${row.line}: ${row.fault}`);
    },
  };
  await replayFile({
    ...{ load, leases, labels, name, totalRows: reader.totalRows, onAnswer: away.onAnswer },
    planRows: (chunk) => planRows(chunk, planning),
    logRejected: createBoundedLog({ log, limit: maxNamedFaults, kind: 'rejections' }),
    onPlanned: replaying.onPlanned,
  });
}

/** What the API says of the replay as a whole; known with the first lease. */
function createTerms(dueTimes: DueTimes) {
  let known = '';
  let began = '';
  let toId = (_loop: number, _row: number) => '';
  return {
    set: ({ replay_id, started_at }: { replay_id: string; started_at: string }) => {
      if (replay_id === known) return;
      known = replay_id;
      began = started_at;
      toId = createReadingIds(replay_id);
      dueTimes.startAt(started_at);
    },
    startedAt: () => began,
    toId: (loop: number, row: number) => toId(loop, row),
  };
}
