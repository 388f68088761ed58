import type { Contribution, Explanation, Feature } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import dialogStyles from '../../ui/dialog.module.css';
import { formatAmount, formatDecimal, formatSigned } from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { findFeature, formatMeasured } from '../types/format-feature.ts';
import styles from './explanation.module.css';
import { describeRange, toByContribution } from './explanation-sentences.ts';

const digits = 3;
/** More values are shown on demand. */
const mostRows = 10;

interface ContributionsPartProps {
  explanation: Explanation;
  features: readonly Feature[];
}

/** How the values move the score from that of a typical reading to that of this one. */
export function ContributionsPart({ explanation, features }: ContributionsPartProps) {
  const { model, base_value, background_readings, score, probability } = explanation;
  const contributions = toByContribution(explanation.contributions);
  const largest = Math.abs(contributions[0]?.contribution ?? 0);
  const [isWhole, setIsWhole] = useState(false);

  function toRow(part: Contribution) {
    const feature = findFeature(features, part.feature);
    const range = describeRange(part, features);
    const value = (
      <>
        {feature.title} <span className={styles.measured}>{formatMeasured(part.value, feature)}</span>
        {range !== null && <span className={styles.quiet}> usual {range}</span>}
      </>
    );
    const bar = <Bar contribution={part.contribution} largest={largest} />;
    return { key: part.feature, cells: [value, bar, formatSigned(part.contribution, digits)] };
  }

  const typical = (
    <>
      Typical score{' '}
      <span className={styles.quiet}>average of {formatAmount(background_readings, 'reading')}</span>
    </>
  );
  return (
    <section className={`${dialogStyles.part} ${styles.contributions}`}>
      <h3>How each value changed the score</h3>
      <SimpleTable
        label="Contributions"
        columns={[{ title: 'Value' }, { title: '◂ normal · anomaly ▸' }, { title: 'Change', isNumber: true }]}
        rows={[
          { key: 'from', isMarked: true, cells: [typical, '', formatDecimal(base_value, digits)] },
          ...contributions.slice(0, isWhole ? undefined : mostRows).map(toRow),
          { key: 'to', isMarked: true, cells: ['Score of this reading', '', formatDecimal(score, digits)] },
        ]}
      />
      {contributions.length > mostRows && (
        <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Show fewer values' : `Show all ${contributions.length} values`}
        </button>
      )}
      <p className={styles.source}>
        By the model {model}.
        {probability !== undefined && ` Probability of an anomaly: ${formatDecimal(probability, digits)}.`}
      </p>
    </section>
  );
}

/** To the left: more normal; to the right: more of an anomaly. */
function Bar({ contribution, largest }: { contribution: number; largest: number }) {
  const share = largest === 0 ? 0 : Math.abs(contribution) / largest;
  return (
    <div className={styles.axis} aria-hidden="true">
      <div
        className={styles.bar}
        data-tone={contribution > 0 ? 'anomaly' : 'normal'}
        style={{ width: `${50 * share}%` }}
      />
    </div>
  );
}
