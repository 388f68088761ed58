import { formatCount } from '../format/format-number.ts';
import styles from './confusion-matrix.module.css';

interface ConfusionMatrixProps {
  trueNegatives: number;
  falsePositives: number;
  falseNegatives: number;
  truePositives: number;
  classNames?: readonly [string, string];
}

/** What was predicted, beside what it was. */
export function ConfusionMatrix({ classNames = ['normal', 'anomaly'], ...counts }: ConfusionMatrixProps) {
  const [normal, anomaly] = classNames;
  const lines = [
    {
      truth: normal,
      cells: [
        { count: counts.trueNegatives, isRight: true },
        { count: counts.falsePositives, isRight: false },
      ],
    },
    {
      truth: anomaly,
      cells: [
        { count: counts.falseNegatives, isRight: false },
        { count: counts.truePositives, isRight: true },
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
        {lines.map(({ truth, cells }) => (
          <tr key={truth}>
            <th scope="row">is {truth}</th>
            {cells.map(({ count, isRight }) => (
              <td key={String(isRight)} data-right={isRight}>
                {formatCount(count)}
                <span>{isRight ? 'right' : 'wrong'}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
