import type { Incident } from '@sensor-sentinel/contracts';
import { useRef, useState } from 'react';
import type { IncidentChange } from '../../api/alerting.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { LabelChoice } from '../feedback/feedback-buttons.tsx';
import styles from './incidents.module.css';
import { useIncidentChange } from './use-incidents.ts';

const maxCommentLength = 2000;

/** What a person can say about an incident. */
export function IncidentActions({ incident }: { incident: Incident }) {
  const change = useIncidentChange(incident.id);
  return (
    <>
      <LabelChoice
        prediction={1}
        given={incident.feedback}
        onChoose={(label) => change.mutate({ action: 'feedback', label })}
      />
      <CommentForm incident={incident} change={change} />
      {change.isError && (
        <p role="alert" className={dialogStyles.fault}>
          The change could not be saved: {change.error.message}
        </p>
      )}
    </>
  );
}

interface CommentFormProps {
  incident: Incident;
  change: ReturnType<typeof useIncidentChange>;
}

function CommentForm({ incident: { state, acknowledged }, change }: CommentFormProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const comment = text.trim();

  function send(request: IncidentChange, sent: string) {
    const onSuccess = () => {
      // Keeps what was typed meanwhile.
      setText((typed) => (typed.trim() === sent ? '' : typed));
      // The button may have gone, and the focus with it.
      field.current?.focus();
    };
    if (!change.isPending) change.mutate(request, { onSuccess });
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (comment !== '') send({ action: 'comment', text: comment }, comment);
      }}
    >
      <label>
        Comment
        <input
          ref={field}
          value={text}
          maxLength={maxCommentLength}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <div className={dialogStyles.choices}>
        <button type="submit" disabled={comment === ''}>
          Add comment
        </button>
        {state === 'firing' && acknowledged === null && (
          <button
            type="button"
            className={styles.acknowledge}
            onClick={() => send({ action: 'ack', comment }, comment)}
          >
            {comment === '' ? 'Acknowledge' : 'Acknowledge with comment'}
          </button>
        )}
        {state === 'firing' && (
          <button
            type="button"
            onClick={() => send({ action: 'resolve' }, '')}
            aria-describedby="resolve-note"
          >
            Resolve
          </button>
        )}
      </div>
      {state === 'firing' && (
        <p id="resolve-note" className={dialogStyles.quiet}>
          Resolve ends the incident now. The rule opens a new one only after its condition has ended.
        </p>
      )}
    </form>
  );
}
