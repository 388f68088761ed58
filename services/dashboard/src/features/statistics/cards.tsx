import type { Feature, FeatureStats, Stats } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import { formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { formatValue, toDigits, withUnit } from '../types/format-feature.ts';
import { describeChange } from './describe-change.ts';
import { Sparkline } from './sparkline.tsx';
import styles from './statistics-panel.module.css';

/** The statistics of the previous window and its length; null until loaded. */
type StatsBefore = (Stats & { durationMs: number }) | null;

interface CountsCardProps {
  stats: Stats;
  before: StatsBefore;
  /** The share of anomalies over the window. */
  rates: readonly (number | null)[];
}

/** Without a scored reading, it is unknown how many are anomalies. */
export function CountsCard({ stats, before, rates }: CountsCardProps) {
  const { anomaly_rate: rate } = stats;
  const change =
    before &&
    rate !== null &&
    describeChange({
      now: 100 * rate,
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
        <Figure name="Anomalies" text={rate === null ? '–' : formatCount(stats.anomalies)} />
        <Figure name="Anomaly rate" text={rate === null ? '–' : formatPercent(rate)} />
      </dl>
      <Sparkline label="Anomaly rate over the window" values={rate === null ? [] : rates} />
      <Change text={change || null} isKnown={before?.count !== 0} />
    </Card>
  );
}

interface FeatureCardProps {
  feature: Feature;
  /** Null without a value in the window. */
  stats: FeatureStats | null;
  before: StatsBefore;
  /** The average over the window. */
  means: readonly (number | null)[];
}

export function FeatureCard({ feature, stats, before, means }: FeatureCardProps) {
  const { name, title, unit } = feature;
  const digits = toDigits(stats?.std ?? 0, feature) + 1;
  const change =
    before &&
    stats &&
    describeChange({
      now: stats.mean,
      before: before.features?.[name]?.mean ?? null,
      durationMs: before.durationMs,
      format: (value) => withUnit(formatDecimal(value, digits), feature),
      digits,
    });
  return (
    <Card title={title}>
      <dl className={styles.figures}>
        <Figure name="Average" text={formatValue(stats?.mean, feature)} unit={unit} isMain />
        <Figure name="Minimum" text={formatValue(stats?.min, feature)} unit={unit} />
        <Figure name="Maximum" text={formatValue(stats?.max, feature)} unit={unit} />
        <Figure
          name="Spread (standard deviation)"
          text={stats === null ? '–' : formatDecimal(stats.std, digits)}
          unit={unit}
        />
      </dl>
      <Sparkline label={`Average of ${title} over the window`} values={means} />
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
