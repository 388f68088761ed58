import { useId, useRef, useState } from 'react';
import { CheckField, ChoicesField, TextField } from '../../ui/fields.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import { capitalize } from './describe-receiver.ts';
import { addQuietHours, type Faults, type QuietHoursDraft, weekdays } from './receiver-draft.ts';
import styles from './receivers.module.css';

interface QuietHoursFieldsProps {
  hours: readonly QuietHoursDraft[];
  faults: Faults;
  onChange: (hours: readonly QuietHoursDraft[]) => void;
}

/** Hours in which messages wait. */
export function QuietHoursFields({ hours, faults, onChange }: QuietHoursFieldsProps) {
  const { timeZone } = useZone();
  const [addedId, setAddedId] = useState<number | null>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const zones = useId();

  function add() {
    const more = addQuietHours(hours, timeZone);
    setAddedId(more.at(-1)?.id ?? null);
    onChange(more);
  }

  function remove(id: number) {
    onChange(hours.filter((one) => one.id !== id));
    addButton.current?.focus();
  }

  return (
    <div className={styles.form}>
      {hours.map((one, place) => (
        <QuietHoursField
          key={one.id}
          title={`Quiet hours ${place + 1}`}
          path={`quiet_hours.${place}`}
          hours={one}
          {...{ faults, zones }}
          isNew={one.id === addedId}
          onChange={(part) => onChange(hours.map((it) => (it.id === one.id ? { ...it, ...part } : it)))}
          onRemove={() => remove(one.id)}
        />
      ))}
      <datalist id={zones}>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className={styles.choices}>
        <button ref={addButton} type="button" onClick={add}>
          Add quiet hours
        </button>
        <span className={styles.quiet}>Messages wait until they are over.</span>
      </div>
    </div>
  );
}

interface QuietHoursFieldProps {
  title: string;
  /** The first part of the names of its fields. */
  path: string;
  hours: QuietHoursDraft;
  faults: Faults;
  /** The id of the list of time zones. */
  zones: string;
  /** Takes the focus. */
  isNew: boolean;
  onChange: (part: Partial<QuietHoursDraft>) => void;
  onRemove: () => void;
}

function QuietHoursField(props: QuietHoursFieldProps) {
  const { title, path, hours, faults, zones, isNew, onChange, onRemove } = props;
  return (
    <fieldset className={styles.quietHours}>
      <legend>{title}</legend>
      <div className={styles.times}>
        <TextField
          label="From"
          name={`${path}.from`}
          autoFocus={isNew}
          value={hours.from}
          onChange={(from) => onChange({ from })}
        />
        <TextField label="To" name={`${path}.to`} value={hours.to} onChange={(to) => onChange({ to })} />
        <TextField
          label="Time zone"
          name={`${path}.timezone`}
          list={zones}
          value={hours.timezone}
          onChange={(timezone) => onChange({ timezone })}
        />
      </div>
      <ChoicesField
        label="Days on which they begin"
        choices={weekdays.map((day) => [day, capitalize(day)] as const)}
        chosen={hours.days}
        onChange={(days) => onChange({ days })}
        fault={faults[`${path}.days`]}
      />
      <CheckField
        label="Send critical messages anyway"
        isChecked={hours.critical_anyway}
        onChange={(critical_anyway) => onChange({ critical_anyway })}
      />
      <div>
        <button type="button" aria-label={`Remove ${title.toLowerCase()}`} onClick={onRemove}>
          Remove
        </button>
      </div>
    </fieldset>
  );
}
