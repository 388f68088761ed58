import { expect, test } from 'vitest';
import { toFamilyTitle } from './family-title.ts';

test('toFamilyTitle has a title for known families, and shows the names of all others', () => {
  const families = ['random-forest', 'isolation-forest', 'constructor', 'toString', '__proto__'];
  expect(families.map(toFamilyTitle)).toEqual([
    'Random forest',
    'isolation forest',
    'constructor',
    'toString',
    '__proto__',
  ]);
});
