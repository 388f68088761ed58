import type { Feedback, StoredReading } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import dialogStyles from '../../ui/dialog.module.css';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './feedback.module.css';
import { useFeedback, useSendFeedback } from './use-feedback.ts';

interface FeedbackChoice {
  label: 0 | 1;
  text: string;
  icon: IconName;
  /** `y`: the prediction is right; `n`: it is wrong. */
  shortcut?: 'y' | 'n';
}

const anomalyChoices: readonly FeedbackChoice[] = [
  { label: 1, text: 'Real anomaly', icon: 'check', shortcut: 'y' },
  { label: 0, text: 'False alarm', icon: 'cross', shortcut: 'n' },
];
const normalChoices: readonly FeedbackChoice[] = [
  { label: 0, text: 'Correct', icon: 'check', shortcut: 'y' },
  { label: 1, text: 'Missed anomaly', icon: 'cross', shortcut: 'n' },
];
const unscoredChoices: readonly FeedbackChoice[] = [
  { label: 0, text: 'Was normal', icon: 'check' },
  { label: 1, text: 'Was an anomaly', icon: 'anomaly' },
];

/** The answers to whether a prediction was right; of a reading without a prediction, what it was. */
export function toFeedbackChoices(prediction: 0 | 1 | null): readonly FeedbackChoice[] {
  if (prediction === null) return unscoredChoices;
  return prediction === 1 ? anomalyChoices : normalChoices;
}

interface FeedbackButtonsProps {
  reading: StoredReading;
  feedback: Feedback | undefined;
  /** Whether the tab key reaches the buttons. */
  isTabStop: boolean;
  /** Shows icons instead of text, where there is little space. */
  isCompact?: boolean;
  /** Called with a message once the feedback is stored or has failed. */
  onSent: (message: string) => void;
}

/** Feedback by one press; a second press takes it back. */
export function FeedbackButtons({ reading, feedback, isTabStop, isCompact, onSent }: FeedbackButtonsProps) {
  const { mutate } = useSendFeedback(reading.id);

  function press({ label, text }: FeedbackChoice) {
    const isUndo = feedback?.source === 'person' && feedback.label === label;
    mutate(isUndo ? null : label, {
      onSuccess: () => onSent(isUndo ? `Feedback removed: ${text}` : `Feedback stored: ${text}`),
      onError: (error) => onSent(`Feedback not stored: ${error.message}`),
    });
  }

  return (
    <ChoiceButtons
      prediction={reading.prediction}
      given={feedback}
      isTabStop={isTabStop}
      isCompact={isCompact === true}
      onPress={press}
    />
  );
}

interface ChoiceButtonsProps {
  prediction: 0 | 1 | null;
  /** What was said before. */
  given: Pick<Feedback, 'label' | 'source'> | undefined;
  isTabStop: boolean;
  isCompact: boolean;
  onPress: (choice: FeedbackChoice) => void;
}

/** The answers as buttons of a row. */
export function ChoiceButtons({ prediction, given, isTabStop, isCompact, onPress }: ChoiceButtonsProps) {
  return (
    <span className={styles.buttons} data-compact={isCompact || undefined}>
      {toFeedbackChoices(prediction).map((choice) => {
        const isGiven = given?.label === choice.label;
        return (
          <button
            key={choice.label}
            type="button"
            tabIndex={isTabStop ? 0 : -1}
            aria-pressed={isGiven}
            aria-keyshortcuts={choice.shortcut}
            title={toTitle(choice, isGiven ? given.source : undefined)}
            onClick={() => onPress(choice)}
          >
            {isCompact && <Icon name={choice.icon} />}
            <span className={isCompact ? 'visually-hidden' : undefined}>{choice.text}</span>
          </button>
        );
      })}
    </span>
  );
}

function toTitle({ text, shortcut }: FeedbackChoice, source: Feedback['source'] | undefined): string {
  const name = shortcut === undefined ? text : `${text} (key ${shortcut})`;
  return source === 'label' ? `${name}, from the labels of the data` : name;
}

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
  useKeys(
    Object.fromEntries(
      choices.flatMap(({ label, shortcut }) => (shortcut ? [[shortcut, () => onChoose(label)]] : [])),
    ),
  );
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
