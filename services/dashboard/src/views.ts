import type { View } from './url-state/url-state.ts';

interface ViewWords {
  title: string;
  /** What the first link of the page leads to. */
  content: string;
  /** Whether it is about a window of time, and about the sensors that are chosen. */
  hasWindow: boolean;
}

/** The pages in the order of their links. */
export const viewWords: Readonly<Record<View, ViewWords>> = {
  overview: { title: 'Overview', content: 'the readings', hasWindow: true },
  sensors: { title: 'Sensors', content: 'the sensors', hasWindow: false },
  alerts: { title: 'Alerts', content: 'the alerts', hasWindow: true },
  replays: { title: 'Replays', content: 'the replays', hasWindow: false },
  ledger: { title: 'Ledger', content: 'the ledger', hasWindow: false },
  model: { title: 'Model', content: 'the model', hasWindow: true },
};
