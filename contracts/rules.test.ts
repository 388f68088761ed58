import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob } from './rules.ts';

const characters = fc.constantFrom('a', 'b', '/', '.', '🔥');

describe('matchesGlob', () => {
  test.each([
    ['*', ''],
    ['*', 'any / name\nat all.'],
    ['attic', 'attic'],
    ['attic-*', 'attic-'],
    ['*-7', 'attic-77-7'],
    ['a*b*c', 'a-b-bc'],
    ['room-?', 'room-😀'],
    ['a.c', 'a.c'],
    ['**', 'x'],
  ])('%j matches %j', (glob, name) => {
    expect(matchesGlob(glob, name)).toBe(true);
  });

  test.each([
    ['attic', 'Attic'],
    ['attic', 'attic-1'],
    ['a.c', 'abc'],
    ['a*b*c', 'a-b-cb'],
    ['room-?', 'room-'],
    ['?', ''],
    ['[ab]', 'a'],
  ])('%j does not match %j', (glob, name) => {
    expect(matchesGlob(glob, name)).toBe(false);
  });

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

  test('is fast for a glob of many stars', () => {
    expect(matchesGlob('*a'.repeat(64), 'a'.repeat(63))).toBe(false);
  });
});
