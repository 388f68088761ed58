import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { toInputText } from '../../time/local-time.ts';
import { parseTimeRange, type TimeRangeDraft } from '../../time/time-range-draft.ts';
import { goHistorical } from '../../url-state/time-transitions.ts';
import type { TimeState } from '../../url-state/url-state.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { DateTimeField } from './date-time-field.tsx';
import styles from './header.module.css';

export const startFieldId = 'range-start';
const endFieldId = 'range-end';

type RangeErrors = { from?: string | undefined; to?: string | undefined };

function toDraft(time: TimeState): TimeRangeDraft {
  const isFixed = time.mode !== 'live';
  return {
    from: isFixed ? toInputText(time.from) : '',
    to: isFixed ? toInputText(time.to) : '',
    fromIsUnreadable: false,
    toIsUnreadable: false,
  };
}

/** Shows the fixed window; from the first change until it is applied or discarded, what is typed. */
export function RangeForm() {
  const { state, push } = useUrlState();
  const api = useApi();
  const [draft, setDraft] = useState<TimeRangeDraft | null>(null);
  const [errors, setErrors] = useState<RangeErrors>({});
  const [discards, setDiscards] = useState(0);
  const shown = draft ?? toDraft(state.time);

  function change(part: Partial<TimeRangeDraft>) {
    setDraft({ ...shown, ...part });
    setErrors({});
  }

  function discard() {
    setDraft(null);
    setErrors({});
    // A half-typed date lives in the browser's field, not in its value: only a new field is rid of it.
    setDiscards(discards + 1);
  }

  function apply(event: FormEvent) {
    event.preventDefault();
    const result = parseTimeRange(shown, api.now());
    if ('errors' in result) {
      setErrors(result.errors);
      document.getElementById(result.errors.from === undefined ? endFieldId : startFieldId)?.focus();
      return;
    }
    discard();
    if (draft === null && state.time.mode === 'historical') return;
    const window = draft === null && state.time.mode === 'paused' ? state.time : result.window;
    push((current) => ({
      ...current,
      time: goHistorical(current.time, { from: window.from, to: window.to }),
    }));
  }

  return (
    <form className={styles.range} aria-label="Historical range" onSubmit={apply} noValidate key={discards}>
      <DateTimeField
        id={startFieldId}
        label="Start"
        value={shown.from}
        error={errors.from}
        onChange={(from, fromIsUnreadable) => change({ from, fromIsUnreadable })}
      />
      <DateTimeField
        id={endFieldId}
        label="End"
        value={shown.to}
        error={errors.to}
        onChange={(to, toIsUnreadable) => change({ to, toIsUnreadable })}
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
