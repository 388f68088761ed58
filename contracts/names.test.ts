import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTitleSchema, escapeUnsafe, nameSchema } from './names.ts';
import { sensorTypeInputSchema } from './sensor-types.ts';

const accepts = (name: string) => nameSchema.safeParse(name).success;

describe('nameSchema', () => {
  test.each([
    ['Persian', 'زیر\u200cزمین'],
    ['Hindi', 'क्\u200dष, र्\u200cय'],
    ['a scientist', '👩\u200d🔬 lab'],
    ['a family of four', '👨\u200d👩\u200d👧\u200d👦'],
    ['a heart on fire', '❤\ufe0f\u200d🔥'],
    ['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 1'],
    ['the flag of Türkiye', '🇹🇷'],
    ['letters and accents of their own', 'Ku\u0308che'],
    ['Hebrew with points', 'שָׁלוֹם'],
    ['an Arabic number sign', '\u0600١٢'],
    ['private use', '\ue000'],
    ['a character of a later Unicode', 'x\u{1fad1}\u{323b0}'],
    ['spaces of other kinds', 'a\u00a0b\u3000c'],
    ['markup and SQL', `<b>"'; DROP TABLE x; --`],
  ])('accepts %s', (_what, name) => {
    expect(accepts(name)).toBe(true);
  });

  test.each([
    ['a joiner at the beginning', '\u200da'],
    ['a joiner at the end', 'a\u200c'],
    ['only a joiner', '\u200d'],
    ['two joiners', 'a\u200d\u200cb'],
    ['a null', 'a\0b'],
    ['a line break', 'a\nb'],
    ['an escape', '\u001b[2J'],
    ['the escape of 8 bits', 'a\u009b2Jb'],
    ['DEL', 'a\u007fb'],
    ['a line separator', 'a\u2028b'],
    ['a right-to-left override', 'a\u202eb'],
    ['a left-to-right mark', 'a\u200eb'],
    ['an Arabic letter mark', 'a\u061cb'],
    ['an isolate', 'a\u2067b\u2069'],
    ['a space without width', 'a\u200bb'],
    ['a soft hyphen', 'a\u00adb'],
    ['a byte order mark', 'a\ufeffb'],
    ['hidden letters', 'a\u{e0061}b'],
    ['a lone surrogate', 'a\ud800b'],
    ['a noncharacter', 'a\uffffb'],
  ])('refuses %s', (_what, name) => {
    expect(accepts(name)).toBe(false);
  });

  test('says which characters are at fault', () => {
    const message = (name: string) => nameSchema.safeParse(name).error?.issues.map((issue) => issue.message);
    expect(message('a\u200d')).toEqual([
      'expected no control characters, and joiners only between other characters',
    ]);
    expect(message('a ')).toEqual(['expected no space at either end']);
  });
});

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'a🔥\u200c\u200d\u202e\u001b\n\t\ufeff'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
  maxLength: 12,
});

describe('escapeUnsafe', () => {
  test.each([
    ['a\u001b[2Jb', String.raw`a\u{1b}[2Jb`],
    ['\u009b2J\u202e', String.raw`\u{9b}2J\u{202e}`],
    ['زیر\u200cزمین\u200c', `زیر\u200cزمین${String.raw`\u{200c}`}`],
    ['a\tb\nc', 'a\tb\nc'],
    ['\ud800', String.raw`\u{d800}`],
  ])('writes %j', (text, escaped) => {
    expect(escapeUnsafe(text)).toBe(escaped);
  });

  test('leaves nothing that a name must not have, and no name changed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeUnsafe(text).replace(/[\n\t]/g, '')).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Bidi_Control}\ufeff]/u,
        );
        if (accepts(text)) expect(escapeUnsafe(text)).toBe(text);
      }),
    );
  });
});

test('a title has spaces instead of what a name must not have', () => {
  const schema = createTitleSchema({ min: 1, max: 20 });
  expect(schema.parse(' Temp.\r\n[°C]\u202e ')).toBe('Temp. [°C]');
  expect(schema.parse('زیر\u200cزمین')).toBe('زیر\u200cزمین');
  expect(schema.safeParse('\u202e').success).toBe(false);
  const features = [{ name: 'rpm', title: 'a\u001bb', unit: '1\u2066/min' }];
  expect(sensorTypeInputSchema.parse({ name: 'pump', features }).features[0]).toMatchObject({
    title: 'a b',
    unit: '1 /min',
  });
});
