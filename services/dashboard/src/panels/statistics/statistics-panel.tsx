import { type FeatureStats, features, type Stats } from '@sensor-sentinel/contracts';
import { useStats } from '../../api/use-stats.ts';
import { EmptyWindow } from '../../components/empty-window.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { formatCount, formatDecimal, formatPercent } from '../../format/format-number.ts';
import styles from './statistics-panel.module.css';

export function StatisticsPanel() {
  const stats = useStats();
  if (stats.data === undefined)
    return <PanelFallback title="Statistics" query={stats} bones={{ count: 4, height: 118 }} />;
  const values = stats.data.features;
  return (
    <Panel title="Statistics" query={stats}>
      {values === null ? (
        <EmptyWindow />
      ) : (
        <div className={styles.frame}>
          <div className={styles.cards}>
            <CountsCard stats={stats.data} />
            {features.map(({ name, title, unit }) => (
              <FeatureCard key={name} title={title} unit={unit} stats={values[name]} />
            ))}
          </div>
        </div>
      )}
    </Panel>
  );
}

function CountsCard({ stats }: { stats: Stats }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div className={styles.card} role="group" aria-label="Readings">
      <h3 className={styles.name}>Readings</h3>
      <dl className={styles.figures}>
        <Figure name="in this window" text={formatCount(stats.count)} isMain />
        <Figure name="Anomalies" text={formatCount(stats.anomalies)} />
        <Figure name="Anomaly rate" text={formatPercent(stats.anomaly_rate ?? 0)} />
      </dl>
    </div>
  );
}

function FeatureCard({ title, unit, stats }: { title: string; unit: string; stats: FeatureStats }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div className={styles.card} role="group" aria-label={title}>
      <h3 className={styles.name}>{title}</h3>
      <dl className={styles.figures}>
        <Figure name="Average" text={formatDecimal(stats.mean)} unit={unit} isMain />
        <Figure name="Minimum" text={formatDecimal(stats.min)} unit={unit} />
        <Figure name="Maximum" text={formatDecimal(stats.max)} unit={unit} />
        <Figure name="Std. deviation" text={formatDecimal(stats.std, 2)} unit={unit} />
      </dl>
    </div>
  );
}

function Figure({
  name,
  text,
  unit,
  isMain,
}: {
  name: string;
  text: string;
  unit?: string;
  isMain?: boolean;
}) {
  return (
    <div className={isMain ? styles.main : styles.figure}>
      <dt>{name}</dt>
      <dd>
        {text}
        {unit !== undefined && <span className={styles.unit}> {unit}</span>}
      </dd>
    </div>
  );
}
