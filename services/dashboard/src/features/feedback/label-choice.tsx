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

const titles = {
  1: { 1: 'Real anomaly', 0: 'False alarm' },
  0: { 1: 'Missed anomaly', 0: 'Normal' },
} as const;

const labelOfKey: Readonly<Record<string, 0 | 1>> = { y: 1, n: 0 };

/** Asks a person in a dialog whether there was an anomaly: two buttons, and the keys y and n. */
export function LabelChoice({ prediction, given, onChoose, onRemove, children }: LabelChoiceProps) {
  useLabelKeys(onChoose);
  return (
    <section className={dialogStyles.part} aria-label="Feedback">
      <h3>{prediction === 1 ? 'Was it a real anomaly?' : 'Was it an anomaly?'}</h3>
      <div className={dialogStyles.choices}>
        {([1, 0] as const).map((label) => (
          <button
            key={label}
            type="button"
            aria-pressed={given === label}
            aria-keyshortcuts={label === 1 ? 'y' : 'n'}
            title={given === label && onRemove !== undefined ? 'Press again to remove the answer' : undefined}
            onClick={() => {
              if (given === label && onRemove !== undefined) onRemove();
              else onChoose(label);
            }}
          >
            {titles[prediction][label]}{' '}
            <span className={styles.key} aria-hidden="true">
              {label === 1 ? 'y' : 'n'}
            </span>
          </button>
        ))}
        {children}
      </div>
    </section>
  );
}

function useLabelKeys(onChoose: (label: 0 | 1) => void) {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const label = labelOfKey[event.key.toLowerCase()];
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
    const isTyped = event.target instanceof Element && event.target.closest('input, textarea') !== null;
    if (label !== undefined && !hasModifier && !isTyped && !event.repeat) onChoose(label);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
