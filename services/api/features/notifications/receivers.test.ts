import { describe, expect, test } from 'vitest';
import { createReceiver } from '../../testing/notification-fixtures.ts';
import { isReceiverOf } from './receivers.ts';

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
