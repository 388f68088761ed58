import dialogStyles from '../../ui/dialog.module.css';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './feedback.module.css';
import { LabelChoice } from './label-choice.tsx';
import { useFeedback, useSendFeedback } from './use-feedback.ts';

const sources = { person: 'Answered', label: 'From the labels of the data' } as const;

/** Lets the user say whether the prediction of a reading was right. */
export function FeedbackPart({ id, prediction }: { id: string; prediction: 0 | 1 }) {
  const query = useFeedback([id]);
  const mutation = useSendFeedback(id);
  const feedback = query.data?.get(id);
  return (
    <LabelChoice
      prediction={prediction}
      given={feedback?.label ?? null}
      onChoose={(label) => mutation.mutate(label)}
      {...(feedback?.source === 'person' && { onRemove: () => mutation.mutate(null) })}
    >
      <p role="status" className={styles.known}>
        {feedback !== undefined && (
          <>
            {sources[feedback.source]}, <Timestamp iso={feedback.decided_at} />
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
