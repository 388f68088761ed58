import type { Feature } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { toStretches } from '../series/stretches.ts';
import { useSeries } from '../series/use-series.ts';
import { EmptyWindow } from '../time/empty-window.tsx';
import { FeaturePicker, useShownFeatures } from '../types/shown-features.tsx';
import { CountsCard, FeatureCard } from './cards.tsx';
import styles from './statistics-panel.module.css';
import { useStats, useStatsBefore } from './use-stats.ts';

const mostSparks = 40;

export function StatisticsPanel() {
  const stats = useStats();
  const before = useStatsBefore().data ?? null;
  const features = useShownFeatures();
  const { rates, means } = useSparks(features);
  if (stats.data === undefined) {
    // As many as cards, with the same height.
    const bones = { count: features.length + 1, height: 178, arrangement: styles.cards };
    return <PanelFallback title="Statistics" query={stats} bones={bones} />;
  }
  const values = stats.data.features;
  return (
    <Panel title="Statistics" query={stats} aside={<FeaturePicker />}>
      {values === null ? (
        <EmptyWindow />
      ) : (
        <div className={styles.frame}>
          <div className={styles.cards}>
            <CountsCard stats={stats.data} before={before} rates={rates} />
            {features.map((feature, index) => (
              <FeatureCard
                key={feature.name}
                feature={feature}
                stats={values[feature.name] ?? null}
                before={before}
                means={means[index] ?? []}
              />
            ))}
          </div>
        </div>
      )}
    </Panel>
  );
}

/** The window split into intervals, from the same query as the charts. */
function useSparks(features: readonly Feature[]) {
  const { points, window } = useSeries();
  return useMemo(() => {
    if (points === null || window === null) return { rates: [], means: [] };
    const stretches = toStretches(points.lines, { ...window, most: mostSparks }, features);
    return {
      rates: stretches.map(({ readings, anomalies }) => (readings === 0 ? null : anomalies / readings)),
      means: features.map((_, place) => stretches.map(({ values }) => values[place]?.mean ?? null)),
    };
  }, [points, window, features]);
}
