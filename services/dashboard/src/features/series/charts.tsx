import type { Feature, Incident } from '@sensor-sentinel/contracts';
import { useMemo, useRef } from 'react';
import { useApi } from '../../api/api-context.ts';
import type { SeriesPoints } from '../charts/series-points.ts';
import { type Span, toTimeTicks } from '../charts/time-ticks.ts';
import { type Band, describeBands, toBands } from '../charts/to-bands.ts';
import { plotMargin } from '../charts/to-layout.ts';
import { useNormalRanges } from '../charts/use-normal-ranges.ts';
import { useSize } from '../charts/use-size.ts';
import { zoomAround } from '../charts/zoom-window.ts';
import { toDateTimeText } from '../time/format-time.ts';
import { shiftWindow, type TimeWindow, toWindow } from '../time/time-window.ts';
import type { Zone } from '../time/zone.ts';
import { useShownFeatures } from '../types/shown-features.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { AnomalyRibbon } from './anomaly-ribbon.tsx';
import { ChartOverlay } from './chart-overlay.tsx';
import styles from './charts.module.css';
import { describeLabel, describePoint } from './describe-point.ts';
import { FeatureChart } from './feature-chart.tsx';
import { IncidentBands } from './incident-bands.tsx';
import { TimeAxis } from './time-axis.tsx';
import { type Crosshair, useCrosshair } from './use-crosshair.ts';
import type { Look } from './use-look.ts';

interface ChartsProps {
  points: SeriesPoints;
  window: TimeWindow;
  incidents: readonly Incident[];
  look: Look;
  /** Draws another window at once; its data is fetched later. */
  onPreview: (window: TimeWindow) => void;
}

const pixelsPerTick = 96;
const pixelsPerColumn = 4;

/** Stacked charts with one time axis. */
export function Charts({ points, window, incidents, look, onPreview }: ChartsProps) {
  const stack = useRef<HTMLDivElement>(null);
  const width = (useSize(stack)?.width ?? 900) - plotMargin.l - plotMargin.r;
  const api = useApi();
  const zone = useZone();
  const features = useShownFeatures();
  const normalRanges = useNormalRanges();
  const { from, to } = window;
  const span = useMemo(() => ({ fromMs: Date.parse(from), toMs: Date.parse(to) }), [from, to]);
  const most = Math.max(2, Math.floor(width / pixelsPerTick));
  const ticks = useMemo(() => toTimeTicks(span, { most, zone }), [span, most, zone]);
  const bands = useMemo(() => toBands(incidents, span), [incidents, span]);
  const isLive = useUrlState().state.time.mode === 'live';
  const { crosshair, step, hover, pin } = useCrosshair(points, { span, mayPin: !isLive });
  const pointed = crosshair?.index ?? null;

  function togglePin(timeMs: number) {
    if (crosshair?.isPinned) {
      pin(null);
      look.release();
    } else {
      pin(timeMs);
      look.hold();
    }
  }

  return (
    <div ref={stack} className={styles.stack}>
      <IncidentBands bands={bands} span={span} />
      {points.isScored && (
        <AnomalyRibbon
          points={points}
          span={span}
          most={Math.max(10, Math.floor(width / pixelsPerColumn))}
          readout={crosshair === null ? '' : toReadout(points, crosshair, bands)}
        />
      )}
      {features.map((feature) => (
        <FeatureChart
          key={feature.name}
          feature={feature}
          points={points}
          span={span}
          ticks={ticks}
          normalRange={normalRanges?.[feature.name] ?? null}
          pointed={pointed}
        />
      ))}
      <TimeAxis span={span} ticks={ticks} />
      <ChartOverlay
        span={span}
        crosshair={
          crosshair && { ...crosshair, ...describeCrosshair(crosshair, { points, bands, features, zone }) }
        }
        onHover={hover}
        onPin={togglePin}
        onSelect={({ fromMs, toMs }: Span) => look.to(() => toWindow(Math.round(fromMs), Math.round(toMs)))}
        onZoom={(factor, atMs) => onPreview(zoomAround(window, { factor, atMs, nowMs: api.now() }))}
        onPan={(share) => onPreview(shiftWindow(window, share, api.now()))}
        onReset={look.reset}
        onStep={step}
        onLeave={() => {
          hover(null);
          if (crosshair?.isPinned) togglePin(crosshair.timeMs);
        }}
      />
    </div>
  );
}

function toReadout(points: SeriesPoints, { index, timeMs }: Crosshair, bands: readonly Band[]): string {
  const label = index === null ? 'No readings' : describeLabel(points, index);
  const incidents = describeBands(bands, timeMs);
  return incidents === null ? label : `${label} · ${incidents}`;
}

interface Around {
  points: SeriesPoints;
  bands: readonly Band[];
  features: readonly Feature[];
  zone: Zone;
}

function describeCrosshair({ index, timeMs }: Crosshair, { points, bands, features, zone }: Around) {
  const text = toDateTimeText(new Date(timeMs), zone);
  const incidents = describeBands(bands, timeMs);
  const what =
    index === null ? `${text}: no readings` : describePoint(points, { index, time: text }, features);
  return { text, description: incidents === null ? what : `${what}; ${incidents}` };
}
