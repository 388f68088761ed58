import type { Vote } from '@sensor-sentinel/contracts';
import { formatDecimal } from '../../ui/format-number.ts';
import { toFamilyTitle } from '../models/family-title.ts';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import styles from './explanation.module.css';

/** The prediction of each loaded model; the model of the stored prediction is marked. */
export function VotesTable({ votes, decider }: { votes: readonly Vote[]; decider: string }) {
  const hasProbabilities = votes.some(({ probability }) => probability !== undefined);
  return (
    <table className={styles.table} aria-label="Predictions by model">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Prediction</th>
          <th scope="col" data-number>
            Score
          </th>
          {hasProbabilities && (
            <th scope="col" data-number>
              Calibrated
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {votes.map(({ model, family, prediction, score, probability }) => (
          <tr key={model}>
            <th scope="row">
              {toFamilyTitle(family)}{' '}
              {model === decider && <span className={styles.mark}>stored prediction</span>}
              <span className={styles.name}>{model}</span>
            </th>
            <td>
              <PredictionLabel prediction={prediction} />
            </td>
            <td data-number>{formatDecimal(score, 3)}</td>
            {hasProbabilities && (
              <td data-number>{probability === undefined ? '–' : formatDecimal(probability, 3)}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
