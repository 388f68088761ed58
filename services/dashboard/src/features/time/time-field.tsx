import styles from '../../app/header/header.module.css';
import { Icon } from '../../ui/icon.tsx';
import { closePopover, Popover } from '../../ui/popover.tsx';
import { Calendar } from './calendar.tsx';
import { toDay, toDayText } from './calendar-month.ts';
import { toDateText } from './format-time.ts';
import { parseTimeText } from './parse-time-text.ts';
import fieldStyles from './time-field.module.css';
import type { Zone } from './zone.ts';

interface TimeFieldProps {
  id: string;
  label: string;
  value: string;
  error: string | undefined;
  zone: Zone;
  now: () => number;
  onChange: (value: string) => void;
}

/** A text field for a time, with a calendar to pick a day. */
export function TimeField({ id, label, value, error, zone, now, onChange }: TimeFieldProps) {
  const [errorId, calendarId] = [`${id}-error`, `${id}-calendar`];

  function renderCalendar() {
    const nowMs = now();
    const today = toDay(toDateText(new Date(nowMs), zone));
    const typed = parseTimeText(value, { zone, nowMs });
    const chosen = typed === null ? null : toDay(toDateText(new Date(typed.timeMs), zone));
    return (
      <Calendar
        start={Math.min(chosen ?? today, today)}
        chosen={chosen}
        today={today}
        onChoose={(day) => {
          onChange(toDayText(day));
          closePopover(calendarId);
          document.getElementById(id)?.focus();
        }}
      />
    );
  }

  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={fieldStyles.timeInput}>
        <input
          id={id}
          type="text"
          size={19}
          autoComplete="off"
          spellCheck={false}
          placeholder={label === 'Start' ? 'e.g. yesterday 9:00' : 'e.g. now'}
          value={value}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : errorId}
          onChange={({ target }) => onChange(target.value)}
        />
        <button
          type="button"
          popoverTarget={calendarId}
          className={fieldStyles.calendarButton}
          aria-label={`${label}: choose a day`}
        >
          <Icon name="calendar" />
        </button>
      </span>
      <Popover id={calendarId} label={`${label}: choose a day`}>
        {renderCalendar}
      </Popover>
      {error !== undefined && (
        <p id={errorId} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
