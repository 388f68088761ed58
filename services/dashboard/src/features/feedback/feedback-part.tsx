import { type ReactNode, useEffect } from 'react';
import dialogStyles from '../../ui/dialog.module.css';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './feedback.module.css';
import { type FeedbackChoice, toFeedbackChoices } from './feedback-buttons.tsx';
import { useFeedback, useSendFeedback } from './use-feedback.ts';

const sources = { person: 'Answered', label: 'From the labels of the data' } as const;

/** Lets the user say in a dialog whether the prediction of a reading was right. */
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

interface LabelChoiceProps {
  /** What the model said; an incident consists of anomalies. */
  prediction: 0 | 1;
  /** What a person has said before. */
  given: 0 | 1 | null;
  onChoose: (label: 0 | 1) => void;
  /** Takes back what was said; without it, the answer can only be changed. */
  onRemove?: () => void;
  children?: ReactNode;
}

/** Asks a person in a dialog whether the model was right: two buttons, and the keys y and n. */
export function LabelChoice({ prediction, given, onChoose, onRemove, children }: LabelChoiceProps) {
  const choices = toFeedbackChoices(prediction);
  useChoiceKeys(choices, onChoose);
  return (
    <section className={dialogStyles.part} aria-label="Feedback">
      <h3>{prediction === 1 ? 'Was it a real anomaly?' : 'Was it really normal?'}</h3>
      <div className={dialogStyles.choices}>
        {choices.map(({ label, text, shortcut }) => {
          const isRemoval = given === label && onRemove !== undefined;
          return (
            <button
              key={label}
              type="button"
              aria-pressed={given === label}
              aria-keyshortcuts={shortcut}
              title={isRemoval ? 'Press again to remove the answer' : undefined}
              onClick={() => (isRemoval ? onRemove() : onChoose(label))}
            >
              {text}{' '}
              <span className={styles.key} aria-hidden="true">
                {shortcut}
              </span>
            </button>
          );
        })}
        {children}
      </div>
    </section>
  );
}

function useChoiceKeys(choices: readonly FeedbackChoice[], onChoose: (label: 0 | 1) => void) {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const choice = choices.find(({ shortcut }) => shortcut === event.key.toLowerCase());
      const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
      const isTyped = event.target instanceof Element && event.target.closest('input, textarea') !== null;
      if (choice !== undefined && !hasModifier && !isTyped && !event.repeat) onChoose(choice.label);
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [choices, onChoose]);
}
