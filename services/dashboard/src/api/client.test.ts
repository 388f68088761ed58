import { expect, test } from 'vitest';
import { createServerClock } from './client.ts';

test('the server clock follows the last response, however wrong the browser clock is', () => {
  let viewerMs = Date.parse('2026-11-22T09:00:00.000Z');
  const clock = createServerClock(() => viewerMs);
  expect(clock.now()).toBe(viewerMs);
  clock.observe('2026-11-22T10:00:00.000Z');
  viewerMs += 5000;
  expect(new Date(clock.now()).toISOString()).toBe('2026-11-22T10:00:05.000Z');
});
