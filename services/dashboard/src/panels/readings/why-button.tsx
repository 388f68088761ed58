import type { StoredReading } from '@sensor-sentinel/contracts';
import { useContext } from 'react';
import { toDateTimeText } from '../../time/local-time.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import styles from './readings-panel.module.css';
import { RowFocusContext } from './use-row-focus.ts';

export function WhyButton({ reading }: { reading: StoredReading }) {
  const { push } = useUrlState();
  const tabStop = useContext(RowFocusContext);
  const time = toDateTimeText(new Date(reading.timestamp));
  return (
    <button
      type="button"
      className={styles.why}
      data-row={reading.id}
      tabIndex={reading.id === tabStop ? 0 : -1}
      aria-haspopup="dialog"
      aria-label={`Why? Explain the reading of ${time}, sensor ${reading.sensor_id}`}
      onClick={() => push((state) => ({ ...state, reading: reading.id }))}
    >
      Why?
    </button>
  );
}
