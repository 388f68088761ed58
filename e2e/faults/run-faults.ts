import { createRandom } from '../testing/random.ts';
import { createClient } from './client.ts';
import { injectFault, type System } from './inject-fault.ts';
import type { Records } from './records.ts';
import type { Fault } from './schedule.ts';

const clientCount = 8;
/** Readings to be answered after the last fault. */
const answersAtEnd = 500;

interface FaultsOptions {
  seed: number;
  faults: readonly Fault[];
  records: Records;
  onFault: (fault: Fault) => void;
}

/** Lets clients send while faults are injected one by one; resolves when everything is answered, or the system is stuck. */
export async function runFaults(
  system: System,
  { seed, faults, records, onFault }: FaultsOptions,
): Promise<void> {
  const { progress, replicas } = system;
  const urls = [replicas[0].url, replicas[1].url] as const;
  let isOver = false;
  let last = 'the start';
  const clients = Array.from({ length: clientCount }, (_, index) => {
    const client = createClient({
      urls,
      records,
      progress,
      random: createRandom(seed * clientCount + index),
    });
    return client.run(() => isOver).catch(progress.abort);
  });

  async function answerMore(count: number): Promise<void> {
    const target = progress.answers() + count;
    await progress.until(() => progress.answers() >= target);
  }

  async function awaitDuplicate(): Promise<void> {
    const before = progress.duplicates();
    await progress.until(() => progress.duplicates() > before);
  }

  async function injectAll(): Promise<void> {
    for (const fault of faults) {
      await answerMore(fault.afterAnswers);
      if (fault.onDuplicate) await awaitDuplicate();
      last = fault.kind;
      onFault(fault);
      await injectFault(system, fault);
    }
    await Promise.all(replicas.map(({ ready }) => ready()));
    await answerMore(answersAtEnd);
    isOver = true;
    await Promise.all(clients);
  }

  try {
    await Promise.race([injectAll(), progress.until(() => false)]);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    records.note('recovery', `after "${last}": ${reason.message}`);
    progress.abort(reason);
    await Promise.all(clients);
  }
}
