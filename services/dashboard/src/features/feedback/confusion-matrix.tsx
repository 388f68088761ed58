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
        <tr>
          <th scope="row">was {anomaly}</th>
          <Cell text="found" count={counts.truePositives} isCorrect />
          <Cell text="missed" count={counts.falseNegatives} />
        </tr>
        <tr>
          <th scope="row">was {normal}</th>
          <Cell text="false alarms" count={counts.falsePositives} />
          <Cell text="correctly normal" count={counts.trueNegatives} isCorrect />
        </tr>
      </tbody>
    </table>
  );
}

function Cell({ text, count, isCorrect = false }: { text: string; count: number; isCorrect?: boolean }) {
  return (
    <td data-correct={isCorrect}>
      {formatCount(count)} <span>{text}</span>
    </td>
  );
}
