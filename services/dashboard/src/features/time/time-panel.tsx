import { now, type ZonedDateTime } from '@internationalized/date';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { DateInput, DateRangePicker, DateSegment } from 'react-aria-components/DateRangePicker';
import { FieldError } from 'react-aria-components/FieldError';
import { Group } from 'react-aria-components/Group';
import { Heading } from 'react-aria-components/Heading';
import {
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  RangeCalendar,
} from 'react-aria-components/RangeCalendar';
import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { goHistorical, goLive } from '../url-state/time-transitions.ts';
import type { TimeState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { listFixedRanges } from './fixed-ranges.ts';
import { changeRange, createRangeDraft, findRangeError, toDraftWindow } from './range-draft.ts';
import styles from './time.module.css';
import { timeRanges } from './time-window.ts';

/** Live ranges, days and nights, and a range of two times. Nothing that arrives changes the range while it is typed. */
export function TimePanel({ onClose }: { onClose: () => void }) {
  const { state, zone, push } = useUrlState();
  const api = useApi();
  const { time } = state;

  function choose(chosen: TimeState) {
    push((current) => ({ ...current, time: chosen }));
    onClose();
  }

  return (
    <>
      <fieldset aria-label="Live" className={styles.presets}>
        {timeRanges.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            aria-pressed={time.mode === 'live' && time.range === name}
            onClick={() => choose(goLive(time, name))}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <fieldset aria-label="Days" className={styles.presets}>
        {listFixedRanges(zone, api.now()).map(({ title, window: { from, to } }) => (
          <button
            key={title}
            type="button"
            aria-pressed={time.mode === 'historical' && time.from === from && time.to === to}
            onClick={() => choose(goHistorical(time, { from, to }))}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <RangeForm onChoose={choose} />
    </>
  );
}

function RangeForm({ onChoose }: { onChoose: (time: TimeState) => void }) {
  const { state, zone } = useUrlState();
  const api = useApi();
  const [draft, setDraft] = useState(() => createRangeDraft(state.time, zone, api.now()));
  const [isComplete, setIsComplete] = useState(true);
  const error = isComplete ? findRangeError(draft, api.now()) : 'Fill in both times.';

  function apply(event: FormEvent) {
    event.preventDefault();
    if (error === null) onChoose(goHistorical(state.time, toDraftWindow(draft)));
  }

  return (
    <form
      aria-label="Fixed range"
      className={styles.range}
      onSubmit={apply}
      onKeyDownCapture={(event) => {
        const isSegment = event.target instanceof Element && event.target.role === 'spinbutton';
        if (event.key === 'Enter' && isSegment) apply(event);
      }}
    >
      <DateRangePicker
        aria-label="Fixed range"
        autoFocus
        granularity="second"
        hourCycle={24}
        shouldForceLeadingZeros
        value={draft}
        isInvalid={error !== null}
        onChange={(range) => {
          setIsComplete(range !== null);
          if (range !== null) setDraft(changeRange(draft, range));
        }}
      >
        <Group>
          <TimeInput title="Start" slot="start" />
          <TimeInput title="End" slot="end" />
        </Group>
        <FieldError>{error}</FieldError>
        <Days latest={now(zone.timeZone)} />
      </DateRangePicker>
      <button type="submit" className={styles.apply} disabled={error !== null}>
        Apply
      </button>
    </form>
  );
}

function TimeInput({ title, slot }: { title: string; slot: 'start' | 'end' }) {
  return (
    <div className={styles.field}>
      <span aria-hidden="true">{title}</span>
      <DateInput slot={slot}>{(segment) => <DateSegment segment={segment} />}</DateInput>
    </div>
  );
}

function Days({ latest }: { latest: ZonedDateTime }) {
  return (
    <RangeCalendar autoFocus={false} maxValue={latest}>
      <header>
        <Button slot="previous">
          <Icon name="earlier" />
        </Button>
        <Heading />
        <Button slot="next">
          <Icon name="later" />
        </Button>
      </header>
      <CalendarGrid>
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} />}</CalendarGridBody>
      </CalendarGrid>
    </RangeCalendar>
  );
}
