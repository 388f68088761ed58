import { climateType } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { plotPalettes } from '../charts/plot-style.ts';
import { createTestIncident } from '../incidents/test-incident.ts';
import { createZone } from '../time/zone.ts';
import { readings } from './test-series.ts';
import { toLayout } from './to-layout.ts';
import { toSeriesPoints } from './use-series.ts';

const window = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' };
const options = {
  points: toSeriesPoints([readings], true),
  window,
  zone: createZone('UTC'),
  features: climateType.features,
  incidents: [],
  normalRanges: {},
  palette: plotPalettes.light,
};

describe('toLayout', () => {
  test('stacks a chart per feature on one time axis, the first at the top', () => {
    const layout = toLayout(options);
    expect(layout.xaxis?.range).toEqual([Date.parse(window.from), Date.parse(window.to)]);
    expect(layout.grid).toMatchObject({ rows: 3, columns: 1 });
    expect(layout.annotations?.map(({ yref }) => yref)).toEqual(['y domain', 'y2 domain', 'y3 domain']);
    expect(layout.annotations?.map(({ text }) => text)).toEqual([
      '<b>Temperature</b> (°C)',
      '<b>Humidity</b> (%)',
      '<b>Noise level</b> (dB)',
    ]);
  });

  test('contains all points of a window in which clocks go back', () => {
    const autumn = { from: '2026-10-25T00:50:00.000Z', to: '2026-10-25T01:05:00.000Z' };
    const timestamp = ['2026-10-25T00:58:00.000Z', '2026-10-25T01:01:00.000Z'];
    const points = toSeriesPoints([{ ...readings, timestamp }], true);
    const layout = toLayout({ ...options, points, window: autumn, zone: createZone('Europe/Berlin') });
    const range = ['02:01', '02:58'].map((time) => Date.parse(`2026-10-25T${time}:00.000Z`));
    expect(layout.xaxis?.range).toEqual(range);
  });

  test('has a band for incidents that overlap, and for each known normal range', () => {
    const at = (time: string) => `2026-11-22T${time}:00.000Z`;
    const incidents = [
      createTestIncident({ started_at: at('10:45'), state: 'firing' }),
      createTestIncident({ started_at: at('10:05'), cleared_at: at('10:10') }),
      createTestIncident({ started_at: at('10:30'), cleared_at: at('10:50') }),
      createTestIncident({ started_at: at('10:20'), cleared_at: at('10:20') }),
    ];
    const { shapes } = toLayout({ ...options, incidents, normalRanges: { humidity: { low: 50, high: 54 } } });
    expect(shapes).toMatchObject([
      { name: 'Incident', x0: Date.parse(at('10:05')), x1: Date.parse(at('10:10')), showlegend: true },
      { name: 'Incident', x0: Date.parse(at('10:30')), x1: Date.parse(window.to), showlegend: false },
      { name: 'Usual range', yref: 'y2', y0: 50, y1: 54, showlegend: true },
    ]);
  });
});
