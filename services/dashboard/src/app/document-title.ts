import { useEffect } from 'react';
import { useAlerts, useApiContact } from '../features/alerts/use-alerts.ts';
import { useUrlState } from '../features/url-state/url-state-context.ts';
import { viewWords } from '../features/url-state/views.ts';

const product = 'Sensor Sentinel';

const titles = {
  anomaly: '● Anomaly',
  normal: 'Normal',
  silent: '○ No readings',
  unscored: '○ No model yet',
  empty: 'Waiting',
} as const;

export function useDocumentTitle() {
  const { view, time } = useUrlState().state;
  const { mode } = time;
  const alerts = useAlerts();
  const { lostSince } = useApiContact();
  const state = alerts.data === undefined ? 'Loading' : titles[alerts.data.state];
  const current = lostSince === null ? state : '○ State unknown';
  const title = mode === 'historical' ? 'Historical' : `${current}${mode === 'paused' ? ' (paused)' : ''}`;
  const place = view === 'overview' ? '' : `${viewWords[view].title} – `;
  useEffect(() => {
    document.title = `${title} – ${place}${product}`;
  }, [title, place]);
}
