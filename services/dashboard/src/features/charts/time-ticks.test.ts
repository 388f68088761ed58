import { describe, expect, test } from 'vitest';
import { createZone, type Zone } from '../time/zone.ts';
import { toTimeTicks } from './time-ticks.ts';

const berlin = createZone('Europe/Berlin');

function ticks(from: string, to: string, options: { most: number; zone?: Zone }) {
  return toTimeTicks(
    { fromMs: Date.parse(from), toMs: Date.parse(to) },
    { most: options.most, zone: options.zone ?? createZone('UTC') },
  );
}

describe('toTimeTicks', () => {
  test('uses round times, at most as many as fit', () => {
    const texts = ticks('2026-11-22T10:01:10.000Z', '2026-11-22T10:16:10.000Z', { most: 5 });
    expect(texts.map(({ text }) => text)).toEqual(['10:05', '10:10', '10:15']);
  });

  test('shows seconds in a short window', () => {
    const texts = ticks('2026-11-22T10:00:00.000Z', '2026-11-22T10:00:20.000Z', { most: 5 });
    expect(texts.map(({ text }) => text)).toEqual([
      '10:00:00',
      '10:00:05',
      '10:00:10',
      '10:00:15',
      '10:00:20',
    ]);
  });

  test('shows the date at the first tick and where it changes', () => {
    const found = ticks('2026-11-21T20:00:00.000Z', '2026-11-22T04:00:00.000Z', { most: 3 });
    expect(found.map(({ text, date }) => [text, date])).toEqual([
      ['21:00', '21 Nov 2026'],
      ['00:00', '22 Nov 2026'],
      ['03:00', null],
    ]);
  });

  test('shows days in a long window, at midnight of the time zone', () => {
    const found = ticks('2026-10-24T00:00:00.000Z', '2026-10-27T00:00:00.000Z', {
      most: 4,
      zone: berlin,
    });
    expect(found.map(({ timeMs, text }) => [new Date(timeMs).toISOString(), text])).toEqual([
      ['2026-10-24T22:00:00.000Z', '25 Oct'],
      ['2026-10-25T23:00:00.000Z', '26 Oct'],
      ['2026-10-26T23:00:00.000Z', '27 Oct'],
    ]);
  });

  test('shows a repeated hour twice', () => {
    const found = ticks('2026-10-24T23:30:00.000Z', '2026-10-25T02:30:00.000Z', {
      most: 4,
      zone: berlin,
    });
    expect(found.map(({ text }) => text)).toEqual(['02:00', '02:00', '03:00']);
  });

  test('is readable over years', () => {
    const found = ticks('1990-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', { most: 6 });
    expect(found.length).toBeGreaterThan(2);
    expect(found.length).toBeLessThanOrEqual(7);
    expect(found.every(({ date }) => date !== null)).toBe(true);
  });
});
