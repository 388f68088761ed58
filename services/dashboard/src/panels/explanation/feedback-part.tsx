import { useEffect, useRef } from 'react';
import { useTruths, useVerdict } from '../../api/use-truths.ts';
import { Timestamp } from '../../components/timestamp.tsx';
import { TruthLabel } from '../../components/truth-label.tsx';
import styles from './explanation.module.css';

const choices = [
  { text: 'It was right', isRight: true },
  { text: 'It was wrong', isRight: false },
];

/** What a person has to say to the prediction; it counts in the confusion matrix at once. */
export function VerdictPart({ id, prediction }: { id: string; prediction: 0 | 1 }) {
  const truths = useTruths([id]);
  const verdict = useVerdict(id);
  const truth = truths.data?.get(id);
  const told = truth?.source === 'verdict' ? truth.label === prediction : null;
  const group = useRef<HTMLDivElement>(null);
  const isTakenBack = verdict.isSuccess && verdict.variables === null;
  useEffect(() => {
    // The button that was pressed is gone, and the focus would be with it.
    if (isTakenBack) group.current?.querySelector('button')?.focus();
  }, [isTakenBack]);
  return (
    <section className={styles.part} aria-label="Verdict">
      <h3>Was this prediction right?</h3>
      <div className={styles.choices} ref={group}>
        {choices.map(({ text, isRight }) => (
          <button
            key={text}
            type="button"
            aria-pressed={told === isRight}
            disabled={verdict.isPending}
            onClick={() => verdict.mutate(isRight ? prediction : prediction === 1 ? 0 : 1)}
          >
            {text}
          </button>
        ))}
        {told !== null && (
          <button type="button" disabled={verdict.isPending} onClick={() => verdict.mutate(null)}>
            Take back
          </button>
        )}
        <p role="status" className={styles.known}>
          {truth !== undefined && (
            <>
              <TruthLabel truth={truth} prediction={prediction} /> of <Timestamp iso={truth.decided_at} />
            </>
          )}
          {truth === undefined && truths.data !== undefined && 'Nobody has said so far.'}
        </p>
      </div>
      {verdict.isError && (
        <p role="alert" className={styles.fault}>
          The verdict was not kept: {verdict.error.message}
        </p>
      )}
      {truths.isError && <p className={styles.fault}>What is known is not known: {truths.error.message}</p>}
    </section>
  );
}
