import type { Feature, PreviewIncident, RulePreview } from '@sensor-sentinel/contracts';
import type { Shape } from 'plotly.js';
import { useMemo } from 'react';
import { formatAmount } from '../../ui/format-number.ts';
import { useTheme } from '../../ui/theme/theme-provider.tsx';
import { Plot } from '../charts/plot.tsx';
import { type PlotPalette, plotPalettes, toLegendShape, useNormalRanges } from '../charts/plot-style.ts';
import { ExplanationDialog } from '../explanation/explanation-dialog.tsx';
import { describeSeries } from '../series/describe-series.ts';
import { type IncidentSpan, toLayout } from '../series/to-layout.ts';
import { toTraces } from '../series/to-traces.ts';
import type { SeriesPoints } from '../series/use-series.ts';
import type { TimeWindow } from '../time/time-window.ts';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import type { RuleDraft } from './rule-draft.ts';

interface LabChartProps {
  points: SeriesPoints;
  preview: RulePreview;
  /** The feature of the rule, or the first one. */
  feature: Feature;
  draft: RuleDraft;
  sensor: string | undefined;
}

/** The readings of a sensor, the incidents that the draft would have raised, and the levels of the draft. */
export function LabChart({ points, preview, feature, draft, sensor }: LabChartProps) {
  const { state, push } = useUrlState();
  const zone = useZone();
  const normalRanges = useNormalRanges();
  const palette = plotPalettes[useTheme().resolved];
  const { kind, condition } = draft;
  const incidents = useMemo(
    () =>
      preview.incidents.filter(({ sensor_id }) => sensor_id === sensor).map((one) => toSpan(one, preview)),
    [preview, sensor],
  );
  const traces = useMemo(
    () => toTraces(points, { features: [feature], palette, zone }),
    [points, feature, palette, zone],
  );
  const layout = useMemo(() => {
    const base = toLayout({
      ...{ points, zone, incidents, normalRanges, palette },
      window: preview,
      features: [feature],
    });
    const levels = kind === 'feature' ? toLevelShapes(condition, palette) : [];
    // Above the chart, there is also room for two lines of the legend.
    const margin = { ...base.margin, t: 40 };
    const xaxis = { ...base.xaxis, automargin: true };
    return { ...base, margin, xaxis, shapes: [...(base.shapes ?? []), ...levels] };
  }, [points, zone, incidents, normalRanges, palette, preview, feature, kind, condition]);
  return (
    <>
      <Plot
        traces={traces}
        layout={layout}
        label={`${describeSeries(points, feature)}, ${formatAmount(incidents.length, 'incident')} of the draft`}
        minHeight={280}
        onChoose={(reading) => push((current) => ({ ...current, reading }))}
      />
      {state.reading !== null && <ExplanationDialog id={state.reading} known={undefined} />}
    </>
  );
}

/** As a share of the window: an incident of one reading is as wide as can be seen. */
const leastShare = 0.004;

function toSpan({ started_at, cleared_at }: PreviewIncident, { from, to }: TimeWindow): IncidentSpan {
  if (cleared_at === null) return { state: 'firing', started_at, cleared_at, resolved: null };
  const leastMs = leastShare * (Date.parse(to) - Date.parse(from));
  const endMs = Math.max(Date.parse(cleared_at), Date.parse(started_at) + leastMs);
  return { state: 'cleared', started_at, cleared_at: new Date(endMs).toISOString(), resolved: null };
}

function toLevelShapes({ above, below }: RuleDraft['condition'], palette: PlotPalette): Partial<Shape>[] {
  return [above, below].flatMap((text) => {
    if (text === undefined || text === '' || Number.isNaN(Number(text))) return [];
    const line = { color: palette.anomaly, width: 2, dash: 'dash' } as const;
    const place = { type: 'line', xref: 'paper', x0: 0, x1: 1, y0: Number(text), y1: Number(text) } as const;
    return [toLegendShape('Level of the rule', false, { ...place, line, layer: 'above' })];
  });
}
