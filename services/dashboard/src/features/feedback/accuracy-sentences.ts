import { formatAmount, formatCount, formatPercent } from '../../ui/format-number.ts';

/** With fewer answers, a percentage says little. */
const leastAnswers = 20;

/** `3 of 1 200 readings answered (0.3 %)`. The two counts come from different queries, so `answers` may be larger. */
export function describeAnswered(answers: number, readings: number): string {
  const text = `${formatCount(answers)} of ${formatAmount(Math.max(readings, answers), 'reading')} answered`;
  return answers === 0 || answers >= readings ? text : `${text} (${formatPercent(answers / readings)})`;
}

/** `12 of 20 answers so far. …`; null once there are enough for percentages. */
export function describeMissingAnswers(answers: number): string | null {
  if (answers >= leastAnswers) return null;
  return `${answers} of ${leastAnswers} answers so far. Percentages are shown from ${leastAnswers} answers on.`;
}
