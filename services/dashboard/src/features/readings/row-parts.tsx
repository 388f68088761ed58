import type { StoredReading } from '@sensor-sentinel/contracts';
import { createContext, type ReactNode, useContext } from 'react';
import { FeedbackButtons } from '../feedback/feedback-buttons.tsx';
import type { FeedbackById } from '../feedback/use-feedback.ts';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import type { Zone } from '../time/zone.ts';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import styles from './readings-panel.module.css';

interface Rows {
  /** The id of the row that the tab key reaches. */
  tabStop: string | undefined;
  feedback: FeedbackById;
  /** Shows a message below the rows. */
  notify: (message: string) => void;
}

/** What the parts of a row need besides the reading. */
export const RowsContext = createContext<Rows>({
  tabStop: undefined,
  feedback: new Map(),
  notify: () => undefined,
});

export function useOpenReading(): (id: string) => void {
  const { push } = useUrlState();
  return (id) => push((state) => ({ ...state, reading: id }));
}

interface OpenButtonProps {
  reading: StoredReading;
  className: string | undefined;
  /** The accessible name; default: the content. */
  label?: string;
  children: ReactNode;
}

/** Opens the explanation of a reading. It is the first button of its row, which the arrow keys move to. */
export function OpenButton({ reading, className, label, children }: OpenButtonProps) {
  const open = useOpenReading();
  const { tabStop } = useContext(RowsContext);
  return (
    <button
      type="button"
      className={className}
      tabIndex={reading.id === tabStop ? 0 : -1}
      aria-haspopup="dialog"
      aria-label={label}
      onClick={() => open(reading.id)}
    >
      {children}
    </button>
  );
}

export function WhyButton({ reading }: { reading: StoredReading }) {
  const time = toTimeText(reading.timestamp, useZone());
  const label = `Why? Explain the reading at ${time}, sensor ${reading.sensor_id}`;
  return (
    <OpenButton reading={reading} className={styles.why} label={label}>
      Why?
    </OpenButton>
  );
}

/** The time with milliseconds; if short, without the date of today. */
export function ReadingTime({ iso, isShort = false }: { iso: string; isShort?: boolean }) {
  const zone = useZone();
  const time = new Date(iso);
  const text = isShort ? toShortText(time, new Date(), zone) : toDateTimeText(time, zone);
  return <Timestamp iso={iso} text={text + toMilliseconds(iso)} />;
}

export function RowFeedback({ reading, isCompact = false }: { reading: StoredReading; isCompact?: boolean }) {
  const { tabStop, feedback, notify } = useContext(RowsContext);
  const time = toTimeText(reading.timestamp, useZone());
  return (
    <FeedbackButtons
      reading={reading}
      feedback={feedback.get(reading.id)}
      isTabStop={reading.id === tabStop}
      isCompact={isCompact}
      onSent={(message) => notify(`${message} (${reading.sensor_id}, ${time})`)}
    />
  );
}

/** `2026-11-22 15:04:05.007` in the time zone. */
export function toTimeText(iso: string, zone: Zone): string {
  return toDateTimeText(new Date(iso), zone) + toMilliseconds(iso);
}

function toMilliseconds(iso: string): string {
  return `.${String(new Date(iso).getMilliseconds()).padStart(3, '0')}`;
}
