import { type ReactNode, useEffect, useEffectEvent } from 'react';
import dialogStyles from '../../ui/dialog.module.css';
import styles from './feedback.module.css';

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

interface Choice {
  label: 0 | 1;
  text: string;
  /** `y` agrees with the model. */
  key: 'y' | 'n';
}

const questions = {
  1: {
    text: 'Was it a real anomaly?',
    choices: [
      { label: 1, text: 'Real anomaly', key: 'y' },
      { label: 0, text: 'False alarm', key: 'n' },
    ],
  },
  0: {
    text: 'Was it really normal?',
    choices: [
      { label: 0, text: 'Correct', key: 'y' },
      { label: 1, text: 'Missed anomaly', key: 'n' },
    ],
  },
} as const satisfies Record<0 | 1, { text: string; choices: readonly Choice[] }>;

/** Asks a person in a dialog whether the model was right: two buttons, and the keys y and n. */
export function LabelChoice({ prediction, given, onChoose, onRemove, children }: LabelChoiceProps) {
  const { text: question, choices } = questions[prediction];
  useChoiceKeys(choices, onChoose);
  return (
    <section className={dialogStyles.part} aria-label="Feedback">
      <h3>{question}</h3>
      <div className={dialogStyles.choices}>
        {choices.map(({ label, text, key }) => {
          const isRemoval = given === label && onRemove !== undefined;
          return (
            <button
              key={key}
              type="button"
              aria-pressed={given === label}
              aria-keyshortcuts={key}
              title={isRemoval ? 'Press again to remove the answer' : undefined}
              onClick={() => (isRemoval ? onRemove() : onChoose(label))}
            >
              {text}{' '}
              <span className={styles.key} aria-hidden="true">
                {key}
              </span>
            </button>
          );
        })}
        {children}
      </div>
    </section>
  );
}

function useChoiceKeys(choices: readonly Choice[], onChoose: (label: 0 | 1) => void) {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const choice = choices.find(({ key }) => key === event.key.toLowerCase());
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
    const isTyped = event.target instanceof Element && event.target.closest('input, textarea') !== null;
    if (choice !== undefined && !hasModifier && !isTyped && !event.repeat) onChoose(choice.label);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
