import { formatCount } from '../../ui/format-number.ts';
import styles from './feedback.module.css';

interface ConfusionMatrixProps {
  trueNegatives: number;
  falsePositives: number;
  falseNegatives: number;
  truePositives: number;
  /** As the files of an imported model call the classes. */
  classNames?: readonly [string, string];
}

/** How many readings of each class were predicted correctly and wrongly. */
export function ConfusionMatrix({ classNames = ['normal', 'anomaly'], ...counts }: ConfusionMatrixProps) {
  const [normal, anomaly] = classNames;
  const lines = [
    {
      actual: anomaly,
      cells: [
        { text: 'found', count: counts.truePositives, isCorrect: true },
        { text: 'missed', count: counts.falseNegatives, isCorrect: false },
      ],
    },
    {
      actual: normal,
      cells: [
        { text: 'false alarms', count: counts.falsePositives, isCorrect: false },
        { text: 'correctly normal', count: counts.trueNegatives, isCorrect: true },
      ],
    },
  ];
  return (
    <table className={styles.matrix} aria-label="Correct and wrong predictions">
      <thead>
        <tr>
          <td />
          <th scope="col">predicted {anomaly}</th>
          <th scope="col">predicted {normal}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ actual, cells }) => (
          <tr key={actual}>
            <th scope="row">was {actual}</th>
            {cells.map(({ text, count, isCorrect }) => (
              <td key={text} data-correct={isCorrect}>
                {formatCount(count)} <span>{text}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
