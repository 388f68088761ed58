import { features } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { useSeries } from '../../api/use-series.ts';
import { useStats } from '../../api/use-stats.ts';
import { useStatsBefore } from '../../api/use-stats-before.ts';
import { EmptyWindow } from '../../components/empty-window.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { toSeriesPoints } from '../../plot/series-points.ts';
import { countStretches, type Stretch, toStretches } from '../../plot/stretches.ts';
import { useChartWindow } from '../../plot/use-chart-window.ts';
import { CountsCard, FeatureCard } from './cards.tsx';
import styles from './statistics-panel.module.css';

const mostSparks = 40;
/** As many as cards, with the same height. */
const bones = { count: 4, height: 178, arrangement: styles.cards };

export function StatisticsPanel() {
  const stats = useStats();
  const before = useStatsBefore().data ?? null;
  const stretches = useSparks();
  if (stats.data === undefined) return <PanelFallback title="Statistics" query={stats} bones={bones} />;
  const values = stats.data.features;
  return (
    <Panel title="Statistics" query={stats}>
      {values === null ? (
        <EmptyWindow />
      ) : (
        <div className={styles.frame}>
          <div className={styles.cards}>
            <CountsCard stats={stats.data} before={before} stretches={stretches} />
            {features.map((feature) => (
              <FeatureCard
                key={feature.name}
                feature={feature}
                stats={values[feature.name]}
                before={before}
                stretches={stretches}
              />
            ))}
          </div>
        </div>
      )}
    </Panel>
  );
}

/** The window split into intervals, from the same query as the charts. */
function useSparks(): readonly Stretch[] {
  const series = useSeries().data;
  const window = useChartWindow(series);
  return useMemo(() => {
    if (series === undefined || window === null) return [];
    const points = toSeriesPoints(series);
    const span = { fromMs: Date.parse(window.from), toMs: Date.parse(window.to) };
    return toStretches(points, span, countStretches(points, span, mostSparks));
  }, [series, window]);
}
