import { median } from '../measuring/median.ts';
import { ask } from './ask.ts';
import type { Question } from './questions.ts';

export interface Measured {
  name: string;
  median_ms: number;
  p95_ms: number;
  times: number;
  /** Answers that were not 200, by status. */
  faults: Record<string, number>;
}

/** A question that takes this long altogether is not asked again. */
const budgetMs = 20_000;
const warmUps = 2;

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** All questions in turns, one at a time. */
export async function measureQuestions(
  port: number,
  { questions, rounds }: { questions: readonly Question[]; rounds: number },
): Promise<Measured[]> {
  const asked = questions.map(({ name, toPath }) => ({
    name,
    toPath,
    ms: [] as number[],
    spentMs: 0,
    faults: {} as Record<string, number>,
  }));
  for (let round = -warmUps; round < rounds; round++) {
    for (const question of asked) {
      if (question.spentMs > budgetMs) continue;
      const { status, ms } = await ask(port, question.toPath());
      question.spentMs += ms;
      const fault = `status ${status}`;
      if (status !== 200) question.faults[fault] = (question.faults[fault] ?? 0) + 1;
      else if (round >= 0 || question.spentMs > budgetMs) question.ms.push(ms);
    }
  }
  return asked.map(({ name, ms, faults }) => ({
    name,
    median_ms: median(ms),
    p95_ms: percentile(ms, 0.95),
    times: ms.length,
    faults,
  }));
}
