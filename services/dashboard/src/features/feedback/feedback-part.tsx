import dialogStyles from '../../ui/dialog.module.css';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './feedback.module.css';
import { FeedbackLabel } from './feedback-label.tsx';
import { LabelChoice } from './label-choice.tsx';
import { useFeedback, useSendFeedback } from './use-feedback.ts';

/** Lets the user say whether a reading was an anomaly. */
export function FeedbackPart({ id, prediction }: { id: string; prediction: 0 | 1 }) {
  const query = useFeedback([id]);
  const mutation = useSendFeedback(id);
  const feedback = query.data?.get(id);
  return (
    <LabelChoice
      prediction={prediction}
      given={feedback?.source === 'person' ? feedback.label : null}
      onChoose={(label) => mutation.mutate(label)}
      onRemove={() => mutation.mutate(null)}
    >
      <p role="status" className={styles.known}>
        {feedback !== undefined && (
          <>
            <FeedbackLabel feedback={feedback} prediction={prediction} />,{' '}
            <Timestamp iso={feedback.decided_at} />
          </>
        )}
        {feedback === undefined && query.data !== undefined && 'No answer yet.'}
      </p>
      {mutation.isError && (
        <p role="alert" className={dialogStyles.fault}>
          The answer could not be saved: {mutation.error.message}
        </p>
      )}
      {query.isError && (
        <p className={dialogStyles.fault}>Answers could not be loaded: {query.error.message}</p>
      )}
    </LabelChoice>
  );
}
