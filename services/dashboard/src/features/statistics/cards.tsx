import type { Feature, FeatureStats, Stats } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount, formatDecimal, formatPercent, formatSigned } from '../../ui/format-number.ts';
import { formatValue, toDigits, withUnit } from '../types/format-feature.ts';
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
  const { count, anomalies, anomaly_rate: rate } = stats;
  const change =
    before === null || rate === null
      ? null
      : describeChange(rate, before.anomaly_rate, {
          durationMs: before.durationMs,
          format: formatPercent,
          formatChange: (share) => `${formatSigned(100 * share, 1)} points`,
        });
  return (
    <Card
      title="Readings"
      figures={[
        { name: 'in this window', text: formatCount(count) },
        { name: 'Anomalies', text: rate === null ? '–' : formatCount(anomalies) },
        { name: 'Anomaly rate', text: rate === null ? '–' : formatPercent(rate) },
      ]}
      line={{ label: 'Anomaly rate over the window', values: rate === null ? [] : rates }}
      change={change}
      isCompared={before?.count !== 0}
    />
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
    describeChange(stats.mean, before.features?.[name]?.mean ?? null, {
      durationMs: before.durationMs,
      format: (value) => withUnit(formatDecimal(value, digits), feature),
      formatChange: (value) => formatSigned(value, digits),
    });
  const spread = stats === null ? '–' : formatDecimal(stats.std, digits);
  return (
    <Card
      title={title}
      figures={[
        { name: 'Average', text: formatValue(stats?.mean, feature), unit },
        { name: 'Minimum', text: formatValue(stats?.min, feature), unit },
        { name: 'Maximum', text: formatValue(stats?.max, feature), unit },
        { name: 'Spread', title: 'Standard deviation', text: spread, unit },
      ]}
      line={{ label: `Average of ${title} over the window`, values: means }}
      change={change}
      isCompared={before?.features !== null}
    />
  );
}

interface Comparison {
  durationMs: number;
  /** Formats the previous value. */
  format: (value: number) => string;
  formatChange: (difference: number) => string;
}

/** `+0.4 from 23.6 °C in the previous 15 min`; `before` is null without readings in the previous window. */
export function describeChange(
  now: number,
  before: number | null,
  { durationMs, format, formatChange }: Comparison,
): string {
  const window = `the previous ${formatDuration(durationMs)}`;
  if (before === null) return `No readings in ${window} to compare with`;
  const change = formatChange(now - before);
  return `${change === formatChange(0) ? 'Unchanged' : change} from ${format(before)} in ${window}`;
}

interface CardProps {
  title: string;
  /** The first one is large. */
  figures: readonly { name: string; title?: string; text: string; unit?: string }[];
  line: { label: string; values: readonly (number | null)[] };
  /** Null until the previous window is loaded. */
  change: string | null;
  isCompared: boolean;
}

function Card({ title, figures, line, change, isCompared }: CardProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div className={styles.card} role="group" aria-label={title}>
      <h3 className={styles.name}>{title}</h3>
      <dl className={styles.figures}>
        {figures.map(({ name, title: hint, text, unit }) => (
          <div key={name} className={styles.figure}>
            <dt title={hint}>{name}</dt>
            <dd>
              {text}
              {unit !== undefined && <span className={styles.unit}> {unit}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <Sparkline {...line} />
      <p className={styles.change} data-unknown={!isCompared || undefined}>
        {change ?? '\u00a0'}
      </p>
    </div>
  );
}
