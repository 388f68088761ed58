import { type ListedReceiver, severitySchema } from '@sensor-sentinel/contracts';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { CheckField, ChoicesField, TextField } from '../../ui/fields.tsx';
import { ChannelFields } from './channel-fields.tsx';
import { capitalize } from './describe-receiver.ts';
import { QuietHoursFields } from './quiet-hours-fields.tsx';
import { type Faults, type ReceiverDraft, toDraft, toRequest } from './receiver-draft.ts';
import styles from './receivers.module.css';
import { useStoreReceiver } from './use-receivers.ts';

interface ReceiverFormProps {
  /** The receiver to change; undefined: a new one. */
  receiver: ListedReceiver | undefined;
  /** Names that it cannot have. */
  known: readonly string[];
  onStored: (name: string) => void;
  onCancel: () => void;
}

/** All settings of a receiver. Faults are shown beside their fields when the form is submitted. */
export function ReceiverForm({ receiver, known, onStored, onCancel }: ReceiverFormProps) {
  const [draft, setDraft] = useState(() => toDraft(receiver));
  const [faults, setFaults] = useState<Faults>({});
  const form = useRef<HTMLFormElement>(null);
  const storing = useStoreReceiver();
  const change = (part: Partial<ReceiverDraft>) => setDraft((current) => ({ ...current, ...part }));

  useEffect(() => {
    if (Object.keys(faults).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const { request, faults } = toRequest(draft, known);
    setFaults(faults);
    if (request !== null && !storing.isPending)
      storing.mutate(request, { onSuccess: ({ name }) => onStored(name) });
  }

  return (
    <Form
      ref={form}
      className={styles.form ?? ''}
      validationBehavior="aria"
      validationErrors={faults}
      onSubmit={submit}
    >
      {receiver === undefined && (
        <TextField
          label="Name"
          name="name"
          autoFocus
          value={draft.name}
          onChange={(name) => change({ name })}
        />
      )}
      <ChannelFields draft={draft} known={receiver} onChange={change} />
      <SettingsFields draft={draft} faults={faults} onChange={change} />
      {storing.isError && (
        <p role="alert" className={styles.fault}>
          The receiver could not be saved: {storing.error.message}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className={styles.primary}>
          {storing.isPending ? 'Saving…' : 'Save receiver'}
        </button>
      </div>
    </Form>
  );
}

interface SettingsFieldsProps {
  draft: ReceiverDraft;
  faults: Faults;
  onChange: (part: Partial<ReceiverDraft>) => void;
}

/** Which incidents it gets, and when. Folded for a new receiver: the defaults suit most. */
function SettingsFields({ draft, faults, onChange }: SettingsFieldsProps) {
  const [isOpen, setIsOpen] = useState(draft.channel === null);
  const settings = ['severities', 'rules', 'repeat_interval', 'group_wait', 'quiet_hours'];
  const isFaulty = Object.keys(faults).some((name) => settings.includes(name.split('.')[0] ?? ''));
  return (
    <details
      className={styles.settings}
      open={isOpen || isFaulty}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>Which incidents, and when</summary>
      <div className={styles.form}>
        <ChoicesField
          label="Severities"
          choices={severitySchema.options.map((severity) => [severity, capitalize(severity)] as const)}
          chosen={draft.severities}
          onChange={(severities) => onChange({ severities })}
          fault={faults.severities}
        />
        <TextField
          label="Rules"
          name="rules"
          hint="The name of a rule. * is any text, ? is one character."
          value={draft.rules}
          onChange={(rules) => onChange({ rules })}
        />
        {draft.kind !== 'alertmanager' && (
          <TextField
            label="Repeat every"
            name="repeat_interval"
            hint="While incidents fire that nobody has acknowledged. Such as 30m, 4h or 1d."
            value={draft.repeat_interval}
            onChange={(repeat_interval) => onChange({ repeat_interval })}
          />
        )}
        <TextField
          label="Wait before the first message"
          name="group_wait"
          hint="So that one message has all sensors of a rule. Such as 0s or 30s."
          value={draft.group_wait}
          onChange={(group_wait) => onChange({ group_wait })}
        />
        <CheckField
          label="Send a message when an incident ends"
          isChecked={draft.send_resolved}
          onChange={(send_resolved) => onChange({ send_resolved })}
        />
        {draft.kind !== 'alertmanager' && (
          <QuietHoursFields
            hours={draft.quiet_hours}
            faults={faults}
            onChange={(quiet_hours) => onChange({ quiet_hours })}
          />
        )}
      </div>
    </details>
  );
}
