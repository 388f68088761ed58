import { describe, expect, test } from 'vitest';
import { escapeControls, escapeLines } from './escape-controls.ts';

describe('escapeControls', () => {
  test.each([
    ['an escape sequence', '\u001b[31mfault', '\\u001b[31mfault'],
    ['a sequence introduced by one byte', '\u009b2Jok', '\\u009b2Jok'],
    ['line breaks', 'a\r\nb\u2028c', 'a\\u000d\\u000ab\\u2028c'],
    ['the direction of text', 'a\u202eb', 'a\\u202eb'],
    ['delete', 'a\u007f', 'a\\u007f'],
  ])('makes visible: %s', (_, text, shown) => expect(escapeControls(text)).toBe(shown));

  test('leaves letters, joiners and signs alone', () => {
    const text = 'Geräusch „laut“ 温度 👩\u200d🔧 \\u001b';
    expect(escapeControls(text)).toBe(text);
  });
});

test('escapeLines leaves line feeds alone', () => {
  expect(escapeLines('a\u001b[31mb\nc\r\n')).toBe('a\\u001b[31mb\nc\\u000d\n');
});
