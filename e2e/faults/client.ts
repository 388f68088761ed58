import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { batchAnswerSchema, predictionSchema } from '@sensor-sentinel/contracts';
import type { Random } from '../testing/random.ts';
import type { Progress } from './progress.ts';
import type { Records, SentReading } from './records.ts';

const attemptMs = 1500;
const sensors = ['oven', 'Oven', 'öven', 'hall-1', 'hall-2', 'hall-3'] as const;
const latestMs = 3 * 3_600_000;

interface ClientOptions {
  /** Addresses of the APIs. */
  urls: readonly [string, string];
  records: Records;
  progress: Progress;
  random: Random;
}

/** Readings out of order and up to hours late; one in five has no timestamp. */
function drawReadings(random: Random): SentReading[] {
  const count = random.isBelow(0.5) ? 1 : random.between(2, 12);
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    sensor_id: random.pick(sensors),
    temperature: 19 + 9 * random.fraction(),
    humidity: 40 + 20 * random.fraction(),
    sound_volume: 30 + 70 * random.fraction(),
    ...(random.isBelow(0.8) && {
      timestamp: new Date(Date.now() - Math.floor(latestMs * random.fraction() ** 4)).toISOString(),
    }),
  }));
}

/** Sends until `isOver`, and until everything it sent is answered. */
export async function runClient(options: ClientOptions, isOver: () => boolean): Promise<void> {
  const { urls, records, progress, random } = options;

  function enterAnswers({ headers }: Response, body: string, readings: readonly SentReading[]): void {
    const parsed: unknown = JSON.parse(body);
    const duplicate = headers.get('idempotency-replayed') === 'true';
    const answers =
      readings.length === 1
        ? [{ ...predictionSchema.parse(parsed), duplicate }]
        : batchAnswerSchema.parse(parsed).results;
    for (const answer of answers) records.enterAnswer(answer);
    if (answers.length !== readings.length) {
      const missing = readings.length - answers.length;
      records.note('refusals', `${missing} readings of a batch: ${/"rejected":.{0,200}/.exec(body)?.[0]}`);
    }
    progress.addAnswers(answers.length, answers.filter(({ duplicate }) => duplicate).length);
  }

  /** Resolves with whether the request is settled. */
  async function attempt(url: string, readings: readonly SentReading[]): Promise<boolean> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(readings.length === 1 ? readings[0] : readings),
      signal: AbortSignal.timeout(attemptMs),
    };
    let answer: Response;
    let body: string;
    try {
      answer = await fetch(`${url}/predict`, request);
      body = await answer.text();
    } catch {
      progress.failures += 1; // refused, broken or out of time
      return false;
    }
    if (answer.status === 200) {
      enterAnswers(answer, body, readings);
      return true;
    }
    const isExpected = [429, 503].includes(answer.status) && Number(answer.headers.get('retry-after')) > 0;
    progress.failures += 1;
    if (!isExpected) records.note('refusals', `${answer.status}: ${body.slice(0, 300)}`);
    return !isExpected; // another attempt would be refused too
  }

  async function attemptUntilAnswered(url: string, readings: readonly SentReading[]): Promise<void> {
    let next = url;
    let longestMs = 20;
    while (!(await attempt(next, readings)) && !progress.aborted) {
      await delay(random.between(10, longestMs));
      longestMs = Math.min(2 * longestMs, 300);
      next = random.pick(urls);
    }
  }

  /** Most are retried until answered; some go to both APIs at once, some again later, some are abandoned. */
  async function deliver(readings: readonly SentReading[]): Promise<void> {
    const way = random.fraction();
    if (way < 0.03) {
      await attempt(random.pick(urls), readings);
    } else if (way < 0.2) {
      await Promise.all(urls.map((url) => attemptUntilAnswered(url, readings)));
    } else {
      await attemptUntilAnswered(random.pick(urls), readings);
      if (way > 0.9) await attemptUntilAnswered(random.pick(urls), readings);
    }
  }

  while (!isOver() && !progress.aborted) {
    const readings = drawReadings(random);
    records.enter(readings);
    await deliver(readings);
  }
}
