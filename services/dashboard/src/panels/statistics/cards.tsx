import type { FeatureName, FeatureStats, Stats } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import { formatCount, formatDecimal, formatPercent } from '../../format/format-number.ts';
import type { Stretch } from '../../plot/stretches.ts';
import { describeChange } from './describe-change.ts';
import { Sparkline } from './sparkline.tsx';
import styles from './statistics-panel.module.css';

/** The statistics of the previous window and its length; null until loaded. */
type StatsBefore = (Stats & { durationMs: number }) | null;

interface CountsCardProps {
  stats: Stats;
  before: StatsBefore;
  stretches: readonly Stretch[];
}

export function CountsCard({ stats, before, stretches }: CountsCardProps) {
  const change =
    before &&
    describeChange({
      now: 100 * (stats.anomaly_rate ?? 0),
      before: before.anomaly_rate === null ? null : 100 * before.anomaly_rate,
      durationMs: before.durationMs,
      format: (percent) => formatPercent(percent / 100),
      digits: 1,
      unit: 'points',
    });
  return (
    <Card title="Readings">
      <dl className={styles.figures}>
        <Figure name="in this window" text={formatCount(stats.count)} isMain />
        <Figure name="Anomalies" text={formatCount(stats.anomalies)} />
        <Figure name="Anomaly rate" text={formatPercent(stats.anomaly_rate ?? 0)} />
      </dl>
      <Sparkline label="Anomaly rate over the window" values={stretches.map(toRate)} />
      <Change text={change} isKnown={before?.count !== 0} />
    </Card>
  );
}

function toRate({ readings, anomalies }: Stretch): number | null {
  return readings === 0 ? null : anomalies / readings;
}

interface FeatureCardProps {
  feature: { name: FeatureName; title: string; unit: string };
  stats: FeatureStats;
  before: StatsBefore;
  stretches: readonly Stretch[];
}

export function FeatureCard({ feature: { name, title, unit }, stats, before, stretches }: FeatureCardProps) {
  const change =
    before &&
    describeChange({
      now: stats.mean,
      before: before.features?.[name].mean ?? null,
      durationMs: before.durationMs,
      format: (value) => `${formatDecimal(value, 2)} ${unit}`,
      digits: 2,
    });
  return (
    <Card title={title}>
      <dl className={styles.figures}>
        <Figure name="Average" text={formatDecimal(stats.mean)} unit={unit} isMain />
        <Figure name="Minimum" text={formatDecimal(stats.min)} unit={unit} />
        <Figure name="Maximum" text={formatDecimal(stats.max)} unit={unit} />
        <Figure name="Std. deviation" text={formatDecimal(stats.std, 2)} unit={unit} />
      </dl>
      <Sparkline
        label={`Average of ${title} over the window`}
        values={stretches.map(({ values }) => values?.[name].mean ?? null)}
      />
      <Change text={change} isKnown={before?.features !== null} />
    </Card>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div className={styles.card} role="group" aria-label={title}>
      <h3 className={styles.name}>{title}</h3>
      {children}
    </div>
  );
}

/** Reserves its line until the previous window is loaded. */
function Change({ text, isKnown }: { text: string | null; isKnown: boolean }) {
  return (
    <p className={styles.change} data-unknown={!isKnown || undefined}>
      {text ?? '\u00a0'}
    </p>
  );
}

interface FigureProps {
  name: string;
  text: string;
  unit?: string;
  isMain?: boolean;
}

function Figure({ name, text, unit, isMain }: FigureProps) {
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
