import { expect, test } from 'vitest';
import { toFamilyTitle } from './family-title.ts';

test('toFamilyTitle titles known families and keeps the names of others', () => {
  const families = [
    'random-forest',
    'isolation-forest',
    'decision-list',
    'constructor',
    'toString',
    '__proto__',
  ];
  expect(families.map(toFamilyTitle)).toEqual([
    'Random forest',
    'Isolation forest',
    'decision list',
    'constructor',
    'toString',
    '__proto__',
  ]);
});
