import { createRandom } from '../testing/random.ts';
import type { Books } from './books.ts';
import { createClient } from './client.ts';
import type { Fault } from './schedule.ts';
import { type System, strike } from './strike.ts';

const clientCount = 8;
/** How many readings are answered after the last fault. */
const answersAtEnd = 500;

interface FaultsOptions {
  seed: number;
  faults: readonly Fault[];
  books: Books;
  onFault: (fault: Fault) => void;
}

/** Lets the clients send while one fault after the other strikes; resolves when all is answered, or nothing is any more. */
export async function runFaults(
  system: System,
  { seed, faults, books, onFault }: FaultsOptions,
): Promise<void> {
  const { progress, replicas } = system;
  const urls = [replicas[0].url, replicas[1].url] as const;
  let isOver = false;
  let last = 'the start';
  const clients = Array.from({ length: clientCount }, (_, index) => {
    const client = createClient({ urls, books, progress, random: createRandom(seed * clientCount + index) });
    return client.run(() => isOver).catch(progress.abort);
  });

  async function answerMore(count: number): Promise<void> {
    const target = progress.answers() + count;
    await progress.until(() => progress.answers() >= target);
  }

  async function replayOne(): Promise<void> {
    const before = progress.replays();
    await progress.until(() => progress.replays() > before);
  }

  async function strikeAll(): Promise<void> {
    for (const fault of faults) {
      await answerMore(fault.afterAnswers);
      if (fault.onReplay) await replayOne();
      last = fault.kind;
      onFault(fault);
      await strike(system, fault);
    }
    await Promise.all(replicas.map(({ ready }) => ready()));
    await answerMore(answersAtEnd);
    isOver = true;
    await Promise.all(clients);
  }

  try {
    await Promise.race([strikeAll(), progress.until(() => false)]);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    books.note('recovery', `after "${last}": ${reason.message}`);
    progress.abort(reason);
    await Promise.all(clients);
  }
}
