import type { AckRequest, Lease, LeaseRequest } from '@sensor-sentinel/contracts';

interface Replay {
  id: string;
  loops: number;
  next: { loop: number; row: number };
  total: number | undefined;
  open: Map<string, Lease>;
  /** The latest ack of each lease. */
  acks: Map<string, AckRequest>;
}

export const scriptedStart = '2026-01-01T12:00:00.000Z';

/** Leases chunks in order; leases do not expire. */
export function createScriptedReplays() {
  const replays = new Map<string, Replay>();
  let leases = 0;

  function lease(name: string, request: LeaseRequest) {
    const replay = replays.get(name) ?? begin(name, request);
    replays.set(name, replay);
    const { loops, next, total } = replay;
    if (total !== undefined && next.row >= total) {
      next.loop += 1;
      next.row = 0;
    }
    const isOver = total === 0 || (loops > 0 && next.loop >= loops);
    const state = !isOver ? 'leased' : replay.open.size > 0 ? 'waiting' : 'finished';
    const terms = { replay_id: replay.id, started_at: scriptedStart, loops, active_senders: 1 };
    if (state !== 'leased') return { ...terms, state, lease: null, retry_after_ms: 500 };
    leases += 1;
    const id = `019b76da-a800-7000-8000-${String(leases).padStart(12, '0')}`;
    const rows = Math.min(request.rows, (total ?? Number.POSITIVE_INFINITY) - next.row);
    const leased = { id, loop: next.loop, first_row: next.row, rows, done_rows: 0, expires_in_ms: 10_000 };
    next.row += rows;
    replay.open.set(id, leased);
    return { ...terms, state, lease: leased, retry_after_ms: 0 };
  }

  function ack(name: string, said: AckRequest) {
    const replay = replays.get(name);
    const leased = replay?.open.get(said.lease_id);
    if (replay === undefined) return undefined;
    replay.total ??= said.total_rows;
    replay.acks.set(said.lease_id, said);
    const rows = Math.min(
      leased?.rows ?? 0,
      Math.max(0, (replay.total ?? Number.POSITIVE_INFINITY) - (leased?.first_row ?? 0)),
    );
    if (said.is_released || said.done_rows >= rows) replay.open.delete(said.lease_id);
    return { expires_in_ms: 10_000, active_senders: 1 };
  }

  return {
    lease,
    ack,
    /** Expires the lease. */
    lose: (name: string, leaseId: string) => replays.get(name)?.open.delete(leaseId),
    forget: (name: string) => replays.delete(name),
    names: () => [...replays.keys()],
    acks: (name: string) => [...(replays.get(name)?.acks.values() ?? [])],
  };
}

function begin(name: string, { loops }: LeaseRequest): Replay {
  const digit = name.includes('backfill') ? '2' : '1';
  return {
    id: `019b76da-a800-7000-8000-00000000000${digit}`,
    ...{ loops, next: { loop: 0, row: 0 }, total: undefined, open: new Map(), acks: new Map() },
  };
}
