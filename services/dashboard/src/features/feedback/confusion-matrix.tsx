import { formatCount } from '../../ui/format-number.ts';
import styles from './confusion-matrix.module.css';

interface ConfusionMatrixProps {
  trueNegatives: number;
  falsePositives: number;
  falseNegatives: number;
  truePositives: number;
  classNames?: readonly [string, string];
}

/** Predicted against actual classes. */
export function ConfusionMatrix({ classNames = ['normal', 'anomaly'], ...counts }: ConfusionMatrixProps) {
  const [normal, anomaly] = classNames;
  const lines = [
    {
      actual: normal,
      cells: [
        { count: counts.trueNegatives, isCorrect: true },
        { count: counts.falsePositives, isCorrect: false },
      ],
    },
    {
      actual: anomaly,
      cells: [
        { count: counts.falseNegatives, isCorrect: false },
        { count: counts.truePositives, isCorrect: true },
      ],
    },
  ];
  return (
    <table className={styles.matrix} aria-label="Confusion matrix">
      <thead>
        <tr>
          <td />
          <th scope="col">predicted {normal}</th>
          <th scope="col">predicted {anomaly}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ actual, cells }) => (
          <tr key={actual}>
            <th scope="row">actual {actual}</th>
            {cells.map(({ count, isCorrect }) => (
              <td key={String(isCorrect)} data-correct={isCorrect}>
                {formatCount(count)}
                <span>{isCorrect ? 'correct' : 'incorrect'}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
