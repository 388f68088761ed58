import type { Explanation, Feature } from '@sensor-sentinel/contracts';
import { formatAmount, formatDecimal } from '../../ui/format-number.ts';
import { contributionDigits, toContributionRows } from './contribution-rows.ts';
import styles from './explanation.module.css';

interface ContributionsTableProps {
  explanation: Explanation;
  features: readonly Feature[];
}

/** How the features move the score from the base value to the score of this reading. */
export function ContributionsTable({ explanation, features }: ContributionsTableProps) {
  const { base_value, background_readings, contributions, score } = explanation;
  return (
    <table className={styles.table} aria-label="Contributions">
      <thead>
        <tr>
          <th scope="col">Feature</th>
          <th scope="col" className={styles.directions}>
            <span>◂ normal</span> <span>anomaly ▸</span>
          </th>
          <th scope="col" data-number>
            Contribution
          </th>
        </tr>
      </thead>
      <tbody>
        <tr className={styles.sum}>
          <th scope="row" colSpan={2}>
            Base value{' '}
            <span className={styles.quiet}>mean of {formatAmount(background_readings, 'reading')}</span>
          </th>
          <td data-number>{formatDecimal(base_value, contributionDigits)}</td>
        </tr>
        {toContributionRows(contributions, features).map(
          ({ feature, title, value, contribution, tone, share }) => (
            <tr key={feature}>
              <th scope="row">
                {title} <span className={styles.value}>{value}</span>
              </th>
              <td>
                <div className={styles.axis} aria-hidden="true">
                  <div className={styles.bar} data-tone={tone} style={{ width: `${50 * share}%` }} />
                </div>
              </td>
              <td data-number>{contribution}</td>
            </tr>
          ),
        )}
        <tr className={styles.sum}>
          <th scope="row" colSpan={2}>
            Score <span className={styles.quiet}>base value plus contributions</span>
          </th>
          <td data-number>{formatDecimal(score, contributionDigits)}</td>
        </tr>
      </tbody>
    </table>
  );
}
