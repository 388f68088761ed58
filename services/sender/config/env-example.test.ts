import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { settings } from './settings.ts';

describe('.env.example', () => {
  const example = parse(readFileSync(new URL('../../../.env.example', import.meta.url)));

  test('has every variable of the sender, with its default', () => {
    const expected = Object.values(settings).map(({ variable, preset }) => [variable, preset]);
    const given = Object.entries(example).filter(([name]) => name.startsWith('SENDER_'));
    expect(Object.fromEntries(given)).toEqual(Object.fromEntries(expected));
  });
});
