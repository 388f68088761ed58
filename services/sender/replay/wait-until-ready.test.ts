import { describe, expect, onTestFinished, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type Script, startScriptedApi } from '../testing/scripted-api.ts';
import { createControlClient } from './control-client.ts';
import { waitUntilReady } from './wait-until-ready.ts';

async function wait({ script, timeoutMs = 0 }: { script: Script; timeoutMs?: number }) {
  const api = await startScriptedApi(script);
  onTestFinished(api.close);
  const { clock } = createFakeClock();
  const ignore = () => undefined;
  const control = createControlClient({
    apiUrl: api.url,
    timeoutMs: 5000,
    clock,
    random: () => 0,
    onRetry: ignore,
    onAnswer: ignore,
  });
  const lines: string[] = [];
  const { signal: stop } = new AbortController();
  const log = (line: string) => lines.push(line);
  const outcome = await waitUntilReady({ control, clock, log, timeoutMs, stop });
  return { outcome, lines, requests: api.requests.length };
}

describe('waitUntilReady', () => {
  test('waits until the API is ready, and logs every 10 s', async () => {
    let requests = 0;
    const script: Script = () => {
      requests += 1;
      return requests < 42 ? { status: 503 } : undefined;
    };
    expect(await wait({ script })).toMatchObject({
      outcome: 'ready',
      lines: [...Array(3).fill('waiting for the API: GET /readyz answered 503'), 'the API is ready'],
    });
  });

  test('gives up after the timeout', async () => {
    const script: Script = () => ({ status: 200, body: 'another service' });
    const { outcome, lines, requests } = await wait({ script, timeoutMs: 2000 });
    expect([outcome, requests]).toEqual(['late', 5]);
    expect(lines.at(-1)).toBe(
      'gave up waiting for the API after 2000 ms: GET /readyz answered 200, but not as this API does',
    );
  });
});
