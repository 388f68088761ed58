import type { Incident } from '@sensor-sentinel/contracts';
import { useRef, useState } from 'react';
import type { IncidentChange } from '../../api/alerting.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { useKeys } from '../../ui/use-keys.ts';
import { ChoiceButtons, LabelChoice } from '../feedback/feedback-buttons.tsx';
import { ofIncident, SilenceButton } from '../silences/silence-button.tsx';
import styles from './incidents.module.css';
import tableStyles from './incidents-table.module.css';
import { useIncidentChange } from './use-incidents.ts';

const maxCommentLength = 2000;

/** Nobody has acknowledged it, and it still goes on. */
export function isUrgent({ state, acknowledged }: Incident): boolean {
  return state === 'firing' && acknowledged === null;
}

interface RowActionsProps {
  incident: Incident;
  isTabStop: boolean;
}

/** What a person can say about an incident with one press, in a row of the list. */
export function RowActions({ incident, isTabStop }: RowActionsProps) {
  const { mutate, error } = useIncidentChange(incident.id);
  const { feedback } = incident;
  return (
    <span className={tableStyles.actions}>
      {isUrgent(incident) && (
        <button
          type="button"
          tabIndex={isTabStop ? 0 : -1}
          aria-keyshortcuts="a"
          title="Acknowledge (key a)"
          onClick={({ currentTarget }) => {
            mutate({ action: 'ack', comment: '' });
            // The button goes, and the focus with it.
            currentTarget.closest('tr')?.querySelector('button')?.focus();
          }}
        >
          Acknowledge
        </button>
      )}
      <ChoiceButtons
        prediction={1}
        given={feedback === null ? undefined : { label: feedback, source: 'person' }}
        isTabStop={isTabStop}
        isCompact={false}
        onPress={({ label }) => mutate({ action: 'feedback', label })}
      />
      <SilenceButton subject={ofIncident(incident)} isTabStop={isTabStop} />
      {error !== null && (
        <span role="alert" className={dialogStyles.fault}>
          Not saved: {error.message}
        </span>
      )}
    </span>
  );
}

/** What a person can say about an incident, in its details. */
export function IncidentActions({ incident }: { incident: Incident }) {
  const change = useIncidentChange(incident.id);
  useKeys({ a: () => isUrgent(incident) && change.mutate({ action: 'ack', comment: '' }) });
  return (
    <>
      <LabelChoice
        prediction={1}
        given={incident.feedback}
        onChoose={(label) => change.mutate({ action: 'feedback', label })}
      />
      <section className={dialogStyles.part} aria-label="Notifications">
        <h3>Notifications</h3>
        <SilenceButton subject={ofIncident(incident)} />
      </section>
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

function CommentForm({ incident, change }: CommentFormProps) {
  const { state } = incident;
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
        {isUrgent(incident) && (
          <button
            type="button"
            aria-keyshortcuts="a"
            title="Acknowledge (key a)"
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
