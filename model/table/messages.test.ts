import { expect, test } from 'vitest';
import { escapeControls } from './messages.ts';

test.each([
  ['a\x1b[31mb', 'a\\u001b[31mb'],
  ['\x9b2J\x7f\0', '\\u009b2J\\u007f\\u0000'],
  ['a\u202eb\r', 'a\\u202eb\\u000d'],
  ['Öltemp °C 温度\n', 'Öltemp °C 温度\n'],
])('escapeControls shows %j', (text, expected) => {
  expect(escapeControls(text)).toBe(expected);
});
