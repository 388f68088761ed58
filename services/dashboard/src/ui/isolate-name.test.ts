import { describe, expect, test } from 'vitest';
import { isolateName } from './isolate-name.ts';

describe('isolateName', () => {
  test.each(['زیر\u200cزمین', 'مستشعر 7', 'חיישן', 'x \u{10a00}'])(
    'isolates %s from the text around it',
    (name) => {
      expect(isolateName(name)).toBe(`\u2068${name}\u2069`);
    },
  );

  test.each(['attic', 'Küche', '👩\u200d🔬 lab', '温度', ''])('leaves %j as it is', (name) => {
    expect(isolateName(name)).toBe(name);
  });
});
