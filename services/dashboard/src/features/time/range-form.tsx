import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import styles from '../../app/header/header.module.css';
import { goHistorical } from '../url-state/time-transitions.ts';
import type { TimeState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toInputText } from './format-time.ts';
import { TimeField } from './time-field.tsx';
import { parseTimeRange, type TimeRangeDraft, type TimeRangeErrors } from './time-range-draft.ts';
import type { Zone } from './zone.ts';

export const startFieldId = 'range-start';
const endFieldId = 'range-end';

function toDraft(time: TimeState, zone: Zone): TimeRangeDraft {
  if (time.mode === 'live') return { from: '', to: '' };
  return { from: toInputText(time.from, zone), to: toInputText(time.to, zone) };
}

/** Restores the exact time, with milliseconds, of fields that were not edited. */
function toExact(shown: TimeRangeDraft, time: TimeState, zone: Zone): TimeRangeDraft {
  if (time.mode === 'live') return shown;
  const { from, to } = toDraft(time, zone);
  return { from: shown.from === from ? time.from : shown.from, to: shown.to === to ? time.to : shown.to };
}

/** Shows the selected window, or the edited text until it is applied or discarded. */
export function RangeForm() {
  const { state, zone, push } = useUrlState();
  const api = useApi();
  const [draft, setDraft] = useState<TimeRangeDraft | null>(null);
  const [errors, setErrors] = useState<TimeRangeErrors>({});
  const shown = draft ?? toDraft(state.time, zone);

  function change(part: Partial<TimeRangeDraft>) {
    setDraft({ ...shown, ...part });
    setErrors({});
  }

  function discard() {
    setDraft(null);
    setErrors({});
  }

  function apply(event: FormEvent) {
    event.preventDefault();
    const result = parseTimeRange(toExact(shown, state.time, zone), { zone, nowMs: api.now() });
    if ('errors' in result) {
      setErrors(result.errors);
      document.getElementById(result.errors.from === undefined ? endFieldId : startFieldId)?.focus();
      return;
    }
    discard();
    push((current) => ({ ...current, time: goHistorical(current.time, result.window) }));
  }

  const fieldProps = { zone, now: api.now };
  return (
    <form className={styles.range} aria-label="Fixed range" onSubmit={apply} noValidate>
      <TimeField
        {...fieldProps}
        id={startFieldId}
        label="Start"
        value={shown.from}
        error={errors.from}
        onChange={(from) => change({ from })}
      />
      <TimeField
        {...fieldProps}
        id={endFieldId}
        label="End"
        value={shown.to}
        error={errors.to}
        onChange={(to) => change({ to })}
      />
      <button type="submit" className={draft === null ? undefined : styles.primary}>
        Apply
      </button>
      {draft !== null && (
        <button type="button" onClick={discard}>
          Discard
        </button>
      )}
    </form>
  );
}
