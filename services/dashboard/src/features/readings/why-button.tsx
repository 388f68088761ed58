import type { StoredReading } from '@sensor-sentinel/contracts';
import { createContext, useContext } from 'react';
import { toDateTimeText } from '../time/format-time.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './readings-panel.module.css';

/** The id of the row whose button is the tab stop of the table. */
export const TabStopContext = createContext<string | undefined>(undefined);

export function WhyButton({ reading }: { reading: StoredReading }) {
  const { zone, push } = useUrlState();
  const tabStop = useContext(TabStopContext);
  const time = toDateTimeText(new Date(reading.timestamp), zone);
  return (
    <button
      type="button"
      className={styles.why}
      tabIndex={reading.id === tabStop ? 0 : -1}
      aria-haspopup="dialog"
      aria-label={`Why? Explain the reading at ${time}, sensor ${reading.sensor_id}`}
      onClick={() => push((state) => ({ ...state, reading: reading.id }))}
    >
      Why?
    </button>
  );
}
