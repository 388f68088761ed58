import type { Database } from '../system/database.ts';
import type { MemoryWatch } from '../system/resident-memory.ts';
import type { Contenders } from './contenders.ts';
import { measureRawInsert, measureSingles, measureStream, type Singles, type Stream } from './measure.ts';

export interface Round {
  singles: Record<string, Singles>;
  lone: Record<string, Singles>;
  stream: Stream;
  raw_insert_per_second: number;
  /** The most that the API had in memory during this round. */
  resident_mib: number | undefined;
}

interface RoundOptions {
  contenders: Contenders;
  others: Database;
  memory: MemoryWatch;
  seconds: number;
  say: (line: string) => void;
}

const inFlight = 64;

/** The first one comes last: nobody always follows the same. */
function rotate<T>(entries: readonly T[], by: number): T[] {
  const shift = by % entries.length;
  return [...entries.slice(shift), ...entries.slice(0, shift)];
}

/** Every contender once. */
export async function runRound(round: number, options: RoundOptions): Promise<Round> {
  const { contenders, others, memory, seconds, say } = options;
  const singles: Round['singles'] = {};
  const lone: Round['lone'] = {};
  for (const [name, server] of rotate(Object.entries(contenders), round)) {
    const figures = await measureSingles(server, { seconds, inFlight });
    singles[name] = figures;
    const faults = Object.entries(figures.faults).map(([fault, times]) => `, ${fault} ×${times}`);
    say(`round ${round + 1}: ${name}: ${Math.round(figures.per_second)} per second${faults.join('')}`);
  }
  const { ours, express_port, express_echo } = contenders;
  for (const [name, server] of rotate(Object.entries({ ours, express_port, express_echo }), round)) {
    lone[name] = await measureSingles(server, { seconds, inFlight: 1 });
  }
  const stream = await measureStream(ours, seconds);
  const raw_insert_per_second = await measureRawInsert(others.adminUrl, seconds);
  const streamed = 'absent' in stream ? `absent (${stream.absent})` : Math.round(stream.per_second);
  say(`round ${round + 1}: NDJSON: ${streamed}, raw INSERT: ${Math.round(raw_insert_per_second)} per second`);
  return { singles, lone, stream, raw_insert_per_second, resident_mib: memory.takeMax() };
}
