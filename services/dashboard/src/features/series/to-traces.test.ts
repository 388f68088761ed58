import { climateType, type SensorSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { plotPalettes } from '../charts/plot-style.ts';
import { createZone } from '../time/zone.ts';
import { buckets, readings } from './test-series.ts';
import { toTraces } from './to-traces.ts';
import { toSeriesPoints } from './use-series.ts';

const features = climateType.features.filter(({ name }) => name === 'sound_volume');
const unbroken = { ...readings, gaps: [] };
const times = readings.timestamp.map((timestamp) => Date.parse(timestamp));

function draw(series: readonly SensorSeries[], { zone = 'UTC', hasModel = true } = {}) {
  const options = { features, palette: plotPalettes.light, zone: createZone(zone) };
  return toTraces(toSeriesPoints(series, hasModel), options);
}

describe('toTraces', () => {
  test('draws readings as a line that is interrupted at a gap, and anomalies with their ids', () => {
    const [line, dots, anomalies] = draw([readings]);
    expect(line).toMatchObject({
      name: 'hall',
      x: [times[0], times[1], times[2], null, times[3]],
      y: [60, 61, 95, null, 59],
      hovertemplate: 'Noise level %{y:.1f} dB<extra></extra>',
    });
    expect(dots).toMatchObject({ x: [times[3]], y: [59], mode: 'markers' });
    expect(anomalies).toMatchObject({ x: [times[2]], y: [95], customdata: ['3'] });
  });

  test('interrupts the line at a missing value, and shows values without a neighbor as dots', () => {
    const [line, dots] = draw([{ ...readings, sound_volume: [60, null, 95, 59] }]);
    expect(line).toMatchObject({
      x: [times[0], null, times[2], null, times[3]],
      y: [60, null, 95, null, 59],
    });
    expect(dots).toMatchObject({ x: [times[0], times[2], times[3]], y: [60, 95, 59] });
  });

  test('draws a line per sensor, each in its color and with its name', () => {
    const [hall, attic, anomalies] = draw([unbroken, { ...unbroken, sensor_id: '<attic>' }]);
    expect(hall).toMatchObject({ name: 'hall' });
    expect(attic).toMatchObject({
      name: '&lt;attic>',
      line: { color: plotPalettes.light.lines[1] },
      hovertemplate: 'Noise level %{y:.1f} dB · &lt;attic><extra></extra>',
    });
    expect(anomalies).toMatchObject({
      name: 'Anomaly',
      marker: { maxdisplayed: 600 },
      customdata: ['3', '3'],
      text: [' · hall', ' · &lt;attic>'],
    });
  });

  test('says so if it marks a sample of the anomalies', () => {
    const prediction = Array.from({ length: 601 }, () => 1 as const);
    const many = prediction.map((_, index) => String(index));
    const timestamp = many.map(() => '2026-11-22T10:00:00.000Z');
    const values = many.map(Number);
    const series = { ...unbroken, id: many, timestamp, prediction, sound_volume: values, anomalies: 601 };
    expect(draw([series]).at(-1)).toMatchObject({ name: 'Anomaly (a sample)', customdata: many });
  });

  test('marks no anomalies where nothing is scored', () => {
    const unscored = { ...unbroken, anomalies: 0, prediction: [null, null, null, null] };
    expect(draw([unscored], { hasModel: false })).toHaveLength(1);
  });

  test('puts each feature on its own axis, and lists each name once in the legend', () => {
    const options = { features: climateType.features, palette: plotPalettes.light, zone: createZone('UTC') };
    const traces = toTraces(toSeriesPoints([unbroken], true), options);
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
  const [envelope, mean, dots, anomalies] = draw([buckets]);
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
      customdata: [[31, 91], [32, 92], [], [33, 93]],
      hovertemplate:
        'Noise level mean %{y:.1f} dB (%{customdata[0]:.1f} to %{customdata[1]:.1f})<extra></extra>',
    });
    expect(dots).toMatchObject({ x: [third], y: [62] });
    expect(anomalies).toMatchObject({ x: [Date.parse('2026-11-22T10:12:00.000Z')], customdata: ['a'] });
  });

  test('of several sensors are means without a band', () => {
    const sensors = ['hall', 'attic'].map((sensor_id) => ({ ...buckets, sensor_id, gaps: [] }));
    expect(draw(sensors).map(({ name }) => name)).toEqual(['hall', 'attic', 'Anomaly']);
  });
});
