import type { Explanation, Feature } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { formatAmount, formatDecimal, formatSigned } from '../../ui/format-number.ts';
import { findFeature, formatMeasured } from '../types/format-feature.ts';
import styles from './explanation.module.css';
import { describeRange, toByContribution } from './explanation-sentences.ts';

const digits = 3;
/** More values are shown on demand. */
const mostRows = 10;

interface ContributionsTableProps {
  explanation: Explanation;
  features: readonly Feature[];
}

/** How the values move the score from that of a typical reading to that of this one. */
export function ContributionsTable({ explanation, features }: ContributionsTableProps) {
  const { base_value, background_readings, score } = explanation;
  const contributions = toByContribution(explanation.contributions);
  const largest = Math.abs(contributions[0]?.contribution ?? 0);
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? contributions : contributions.slice(0, mostRows);
  return (
    <table className={styles.table} aria-label="Contributions">
      <thead>
        <tr>
          <th scope="col">Value</th>
          <th scope="col" className={styles.directions}>
            <span>◂ normal</span> <span>anomaly ▸</span>
          </th>
          <th scope="col" data-number>
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        <tr className={styles.sum}>
          <th scope="row" colSpan={2}>
            Typical score{' '}
            <span className={styles.value}>average of {formatAmount(background_readings, 'reading')}</span>
          </th>
          <td data-number>{formatDecimal(base_value, digits)}</td>
        </tr>
        {shown.map((part) => {
          const feature = findFeature(features, part.feature);
          const range = describeRange(part, features);
          return (
            <tr key={part.feature}>
              <th scope="row">
                {feature.title} <span className={styles.measured}>{formatMeasured(part.value, feature)}</span>
                {range !== null && <span className={styles.value}> usual {range}</span>}
              </th>
              <td>
                <Bar contribution={part.contribution} largest={largest} />
              </td>
              <td data-number>{formatSigned(part.contribution, digits)}</td>
            </tr>
          );
        })}
        {contributions.length > mostRows && (
          <tr>
            <td colSpan={3}>
              <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
                {isWhole ? 'Show fewer values' : `Show all ${contributions.length} values`}
              </button>
            </td>
          </tr>
        )}
        <tr className={styles.sum}>
          <th scope="row" colSpan={2}>
            Score of this reading
          </th>
          <td data-number>{formatDecimal(score, digits)}</td>
        </tr>
      </tbody>
    </table>
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
