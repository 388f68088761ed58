import { describe, expect, test } from 'vitest';
import { parseZoomEvent } from './zoom-event.ts';

describe('parseZoomEvent', () => {
  test('reads the chosen window', () => {
    const event = {
      'xaxis.range[0]': '2026-11-22 10:00:00.1234',
      'xaxis.range[1]': '2026-11-22 10:05:00',
    };
    expect(parseZoomEvent(event)).toEqual({
      from: new Date(2026, 10, 22, 10, 0, 0, 123).toISOString(),
      to: new Date(2026, 10, 22, 10, 5).toISOString(),
    });
  });

  test('ignores other events', () => {
    expect(parseZoomEvent({ autosize: true })).toBeNull();
    expect(parseZoomEvent({ 'xaxis.autorange': true })).toBeNull();
  });

  test('ignores a slip of the hand', () => {
    const event = {
      'xaxis.range[0]': '2026-11-22 10:00:00.000',
      'xaxis.range[1]': '2026-11-22 10:00:00.050',
    };
    expect(parseZoomEvent(event)).toBeNull();
  });
});
