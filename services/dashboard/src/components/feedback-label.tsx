import type { Feedback } from '@sensor-sentinel/contracts';
import styles from './feedback-label.module.css';
import { Icon } from './icon.tsx';

const origins = { label: 'from label', person: 'from user' } as const;

/** Whether a prediction was correct according to the feedback, and where the feedback comes from. */
export function FeedbackLabel({ feedback, prediction }: { feedback: Feedback; prediction: 0 | 1 }) {
  const isCorrect = feedback.label === prediction;
  return (
    <span className={styles.label} data-correct={isCorrect}>
      <Icon name={isCorrect ? 'check' : 'cross'} size={14} /> {isCorrect ? 'Correct' : 'Incorrect'}{' '}
      <span className={styles.origin}>{origins[feedback.source]}</span>
    </span>
  );
}
