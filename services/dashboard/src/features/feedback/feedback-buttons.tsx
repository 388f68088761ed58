import type { Feedback, StoredReading } from '@sensor-sentinel/contracts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import styles from './feedback-buttons.module.css';
import { useSendFeedback } from './use-feedback.ts';

export interface FeedbackChoice {
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
    <span className={styles.buttons} data-compact={isCompact || undefined}>
      {toFeedbackChoices(reading.prediction).map((choice) => {
        const isGiven = feedback?.label === choice.label;
        return (
          <button
            key={choice.label}
            type="button"
            tabIndex={isTabStop ? 0 : -1}
            aria-pressed={isGiven}
            aria-keyshortcuts={choice.shortcut}
            title={toTitle(choice, isGiven ? feedback.source : undefined)}
            onClick={() => press(choice)}
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
