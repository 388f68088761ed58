import { useEffect } from 'react';
import type { AlertTone } from '../features/alerts/alert-view.ts';
import { usePresent } from '../features/alerts/use-alerts.ts';
import { viewWords } from '../features/url-state/url-state.ts';
import { useUrlState } from '../features/url-state/url-state-context.ts';

/** What the tab shows of each state. The sign in the title says the same as the dot on the icon. */
const signs: Readonly<Record<AlertTone, { mark: string; dot: string }>> = {
  incident: { mark: '● ', dot: '#d92b1c' },
  anomaly: { mark: '● ', dot: '#d92b1c' },
  acknowledged: { mark: '◐ ', dot: '#e6a100' },
  silent: { mark: '○ ', dot: '#e6a100' },
  unscored: { mark: '○ ', dot: '#9aa7b4' },
  unknown: { mark: '○ ', dot: '#9aa7b4' },
  normal: { mark: '', dot: '#23a26d' },
  empty: { mark: '', dot: '#9aa7b4' },
  historical: { mark: '', dot: '#9aa7b4' },
  loading: { mark: '', dot: '#9aa7b4' },
};

const modeNotes = { live: '', paused: ' (paused)', historical: ' (history)' } as const;

/** Keeps the title and the icon of the tab at the present state, whatever time the page shows. */
export function TabState() {
  const { view: page, time } = useUrlState().state;
  const { tone, brief } = usePresent().view;
  const { mark, dot } = signs[tone];
  const place = page === 'overview' ? '' : `${viewWords[page].title} – `;
  const state = `${mark}${brief.charAt(0).toUpperCase()}${brief.slice(1)}${modeNotes[time.mode]}`;
  const title = `${state} – ${place}Sensor Sentinel`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute('href', toIconUrl(dot));
  }, [dot]);
  return null;
}

/** public/favicon.svg with a dot in place of the small diamond. */
function toIconUrl(dot: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14324f"/>
<path d="M4 20h6l3-8 5 14 3-6h7" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>
<circle cx="23" cy="9" r="8" fill="${dot}" stroke="#fff" stroke-width="2"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
