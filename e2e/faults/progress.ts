import { setTimeout as delay } from 'node:timers/promises';

const stuckMs = 60_000;

/** Counts of answers and failures, by which faults are timed. */
export class Progress {
  answers = 0;
  /** Answers to readings that were stored before. */
  duplicates = 0;
  failures = 0;
  longestOutageMs = 0;
  /** Why the run ends early. */
  aborted: Error | undefined;
  #lastAnswer = performance.now();

  addAnswers(count: number, duplicates: number): void {
    this.answers += count;
    this.duplicates += duplicates;
    this.longestOutageMs = Math.max(this.longestOutageMs, performance.now() - this.#lastAnswer);
    this.#lastAnswer = performance.now();
  }

  abort(reason: Error): void {
    this.aborted ??= reason;
  }

  /** @throws the reason of an abort, also where no reading is answered for a minute */
  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      if (performance.now() - this.#lastAnswer > stuckMs)
        this.abort(new Error(`no reading was answered for ${stuckMs / 1000} s`));
      if (this.aborted) throw this.aborted;
      await delay(1);
    }
  }
}
