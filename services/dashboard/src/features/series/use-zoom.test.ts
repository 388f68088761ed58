import { describe, expect, test } from 'vitest';
import { createZone } from '../time/zone.ts';
import { toZoomedWindow } from './use-zoom.ts';

const berlin = createZone('Europe/Berlin');

function zoomTo(from: string | number, to: string | number) {
  return toZoomedWindow({ 'xaxis.range[0]': from, 'xaxis.range[1]': to }, berlin);
}

describe('toZoomedWindow', () => {
  test('reads the times that Plotly writes, on the clock of the zone', () => {
    expect(zoomTo('2026-11-22 11:00', '2026-11-22 12:30:15.1234')).toEqual({
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T11:30:15.123Z',
    });
    expect(zoomTo('2026-07-01', Date.UTC(2026, 6, 2))).toEqual({
      from: '2026-06-30T22:00:00.000Z',
      to: '2026-07-01T22:00:00.000Z',
    });
  });

  test('is null for other changes', () => {
    expect(toZoomedWindow({}, berlin)).toBeNull();
    expect(toZoomedWindow({ 'xaxis.range[0]': undefined }, berlin)).toBeNull();
  });
});
