import { useEffect, useRef } from 'react';
import styles from '../explanation/explanation.module.css';
import { Timestamp } from '../time/timestamp.tsx';
import { FeedbackLabel } from './feedback-label.tsx';
import { useFeedback, useSendFeedback } from './use-feedback.ts';

const choices = [
  { text: 'Correct', isCorrect: true },
  { text: 'Incorrect', isCorrect: false },
];

/** Lets the user say whether the prediction was correct; the confusion matrix is updated at once. */
export function FeedbackPart({ id, prediction }: { id: string; prediction: 0 | 1 }) {
  const query = useFeedback([id]);
  const mutation = useSendFeedback(id);
  const feedback = query.data?.get(id);
  const userChoice = feedback?.source === 'person' ? feedback.label === prediction : null;
  const group = useRef<HTMLDivElement>(null);
  const isRemoved = mutation.isSuccess && mutation.variables === null;
  useEffect(() => {
    // The button that was pressed no longer exists, so the focus would be lost.
    if (isRemoved) group.current?.querySelector('button')?.focus();
  }, [isRemoved]);
  return (
    <section className={styles.part} aria-label="Feedback">
      <h3>Was this prediction correct?</h3>
      <div className={styles.choices} ref={group}>
        {choices.map(({ text, isCorrect }) => (
          <button
            key={text}
            type="button"
            aria-pressed={userChoice === isCorrect}
            disabled={mutation.isPending}
            onClick={() => mutation.mutate(isCorrect ? prediction : prediction === 1 ? 0 : 1)}
          >
            {text}
          </button>
        ))}
        {userChoice !== null && (
          <button type="button" disabled={mutation.isPending} onClick={() => mutation.mutate(null)}>
            Remove feedback
          </button>
        )}
        <p role="status" className={styles.known}>
          {feedback !== undefined && (
            <>
              <FeedbackLabel feedback={feedback} prediction={prediction} />,{' '}
              <Timestamp iso={feedback.decided_at} />
            </>
          )}
          {feedback === undefined && query.data !== undefined && 'No feedback yet.'}
        </p>
      </div>
      {mutation.isError && (
        <p role="alert" className={styles.fault}>
          Feedback could not be saved: {mutation.error.message}
        </p>
      )}
      {query.isError && <p className={styles.fault}>Feedback could not be loaded: {query.error.message}</p>}
    </section>
  );
}
