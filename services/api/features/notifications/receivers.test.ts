import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReceiver } from '../../testing/notification-fixtures.ts';
import { isReceiverOf, matchesGlob } from './receivers.ts';

const characters = fc.constantFrom('a', 'b', '/', '.', '🔥');

describe('matchesGlob', () => {
  test('equals a regular expression', () => {
    const parts = fc.array(fc.oneof(characters, fc.constantFrom('*', '?')), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.array(characters, { maxLength: 10 }), (glob, text) => {
        const pattern = glob.map((part) =>
          part === '*' ? '.*' : part === '?' ? '.' : part.replace('.', '\\.'),
        );
        const expected = new RegExp(`^${pattern.join('')}$`, 'su').test(text.join(''));
        expect(matchesGlob(glob.join(''), text.join(''))).toBe(expected);
      }),
    );
  });

  test('has an answer for many stars', () => {
    expect(matchesGlob('*a'.repeat(64), 'a'.repeat(63))).toBe(false);
  });
});

describe('isReceiverOf', () => {
  const receiver = createReceiver({ rules: 'Too *', severities: ['critical'] });

  test.each([
    { rule: 'Too warm', severity: 'critical', expected: true },
    { rule: 'Too warm', severity: 'warning', expected: false },
    { rule: 'Silent', severity: 'critical', expected: false },
  ] as const)('$rule, $severity: $expected', ({ expected, ...rule }) => {
    expect(isReceiverOf(receiver, rule)).toBe(expected);
  });
});
