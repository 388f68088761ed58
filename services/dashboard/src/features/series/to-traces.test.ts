import { climateType, type SensorSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { plotPalettes } from '../charts/plot-style.ts';
import { createZone } from '../time/zone.ts';
import { toSeriesPoints } from './series-points.ts';
import { buckets, readings } from './test-series.ts';
import { toTraces } from './to-traces.ts';

const features = climateType.features.filter(({ name }) => name === 'sound_volume');
const times = readings.timestamp.map((timestamp) => Date.parse(timestamp));

function draw(series: readonly SensorSeries[], { zone = 'UTC', hasModel = true } = {}) {
  const options = { features, palette: plotPalettes.light, zone: createZone(zone) };
  return toTraces(toSeriesPoints(series, hasModel), options);
}

describe('toTraces', () => {
  test('draws readings as a line that is interrupted at a gap, and anomalies with their ids', () => {
    const [line, anomalies] = draw([readings]);
    expect(line).toMatchObject({
      name: 'hall',
      x: [times[0], times[1], times[2], null, times[3]],
      y: [60, 61, 95, null, 59],
      hovertemplate: 'Noise level %{y:.1f} dB<extra></extra>',
    });
    expect(anomalies).toMatchObject({ x: [times[2]], y: [95], customdata: ['3'] });
  });

  test('interrupts the line at a missing value, and shows a value without a line as a point', () => {
    const [line] = draw([{ ...readings, sound_volume: [60, null, 95, 59] }]);
    expect(line).toMatchObject({
      x: [times[0], null, times[2], null, times[3]],
      y: [60, null, 95, null, 59],
      marker: { size: [5, 0, 5, 0, 5] },
    });
  });

  test('draws a line per sensor, each in its color and with its name', () => {
    const lines = draw([readings, { ...readings, sensor_id: '<attic>' }]);
    expect(lines.map(({ name }) => name)).toEqual(['hall', '&lt;attic>', 'Anomaly']);
    expect(lines[1]).toMatchObject({ line: { color: plotPalettes.light.lines[1] } });
    expect(lines[1]).toHaveProperty('hovertemplate', 'Noise level %{y:.1f} dB · &lt;attic><extra></extra>');
    expect(lines[2]).toMatchObject({ customdata: ['3', '3'], text: [' · hall', ' · &lt;attic>'] });
  });

  test('marks no anomalies where nothing is scored', () => {
    const unscored = { ...readings, anomalies: 0, prediction: [null, null, null, null] };
    expect(draw([unscored], { hasModel: false })).toHaveLength(1);
  });

  test('puts each feature on its own axis, and lists each name once in the legend', () => {
    const options = { features: climateType.features, palette: plotPalettes.light, zone: createZone('UTC') };
    const traces = toTraces(toSeriesPoints([readings], true), options);
    expect(traces.map((trace) => ('yaxis' in trace ? trace.yaxis : null))).toEqual([
      'y',
      'y',
      'y2',
      'y2',
      'y3',
      'y3',
    ]);
    expect(traces.slice(0, 3)).toMatchObject([
      { showlegend: true },
      { showlegend: true },
      { showlegend: false },
    ]);
  });

  test('shows the time on the clock of the zone, and interrupts the line where clocks go back', () => {
    const timestamp = ['2026-10-25T00:59:00.000Z', '2026-10-25T01:01:00.000Z', '2026-10-25T02:00:00.000Z'];
    const autumn: SensorSeries = {
      ...readings,
      ...{ gaps: [], id: ['1', '2', '3'], timestamp, sound_volume: [1, 2, 3], prediction: [0, 0, 0] },
    };
    const [line] = draw([autumn], { zone: 'Europe/Berlin' });
    const onClock = ['02:59', '02:01', '03:00'].map((time) => Date.parse(`2026-10-25T${time}:00.000Z`));
    expect(line).toMatchObject({ x: [onClock[0], null, onClock[1], onClock[2]], y: [1, null, 2, 3] });
  });
});

describe('toTraces of buckets', () => {
  const [envelope, mean, anomalies] = draw([buckets]);
  const [first, second, third] = ['10:30', '11:30', '14:30'].map((time) =>
    Date.parse(`2026-11-22T${time}:00.000Z`),
  );

  test('fills from minimum to maximum, separately between gaps', () => {
    expect(envelope).toMatchObject({
      x: [first, second, second, first, null, third, third, null],
      y: [91, 92, 32, 31, null, 93, 33, null],
      fill: 'toself',
    });
  });

  test('draws means in the middle of their hours with their extremes, and the anomalies as points', () => {
    expect(mean).toMatchObject({
      name: 'Mean',
      x: [first, second, null, third],
      customdata: [[31, 91], [32, 92], null, [33, 93]],
      hovertemplate:
        'Noise level mean %{y:.1f} dB (%{customdata[0]:.1f} to %{customdata[1]:.1f})<extra></extra>',
      marker: { size: [0, 0, 0, 5] },
    });
    expect(anomalies).toMatchObject({ x: [Date.parse('2026-11-22T10:12:00.000Z')], customdata: ['a'] });
  });

  test('of several sensors are means without a band', () => {
    const sensors = ['hall', 'attic'].map((sensor_id) => ({ ...buckets, sensor_id }));
    expect(draw(sensors).map(({ name }) => name)).toEqual(['hall', 'attic', 'Anomaly']);
  });
});
