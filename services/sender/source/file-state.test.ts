import { describe, expect, test } from 'vitest';
import { toFileFault } from './file-state.ts';

function messageFor(code: string): string {
  return toFileFault('day.csv', Object.assign(new Error('EIO: i/o error'), { code })).message;
}

describe('toFileFault', () => {
  test('says what to do about a known fault', () => {
    expect(messageFor('EISDIR')).toBe('day.csv is a directory; expected a CSV file of readings');
  });

  test.each(['EIO', 'constructor', '__proto__'])('gives the reason of a fault with the code %s', (code) => {
    expect(messageFor(code)).toBe('day.csv cannot be read: EIO: i/o error');
  });
});
