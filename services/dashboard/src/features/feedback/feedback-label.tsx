import type { Feedback } from '@sensor-sentinel/contracts';
import { Icon } from '../../ui/icon.tsx';
import { toPredictionTitle } from '../readings/prediction-title.ts';
import styles from './feedback-label.module.css';

const origins = { label: 'from label', person: 'from user' } as const;

interface FeedbackLabelProps {
  feedback: Feedback;
  prediction: 0 | 1 | null;
}

/** Whether a prediction was correct according to the feedback, and where the feedback comes from. */
export function FeedbackLabel({ feedback, prediction }: FeedbackLabelProps) {
  const origin = <span className={styles.origin}>{origins[feedback.source]}</span>;
  if (prediction === null)
    return (
      <span className={styles.label}>
        {toPredictionTitle(feedback.label)} {origin}
      </span>
    );
  const isCorrect = feedback.label === prediction;
  return (
    <span className={styles.label} data-correct={isCorrect}>
      <Icon name={isCorrect ? 'check' : 'cross'} size={14} /> {isCorrect ? 'Correct' : 'Incorrect'}
      {origin}
    </span>
  );
}
