/** The pages in navigation order, named as in the URL. */
export const views = ['overview', 'sensors', 'alerts', 'replays', 'ledger', 'model'] as const;
export type View = (typeof views)[number];

interface ViewWords {
  title: string;
  /** The target of the skip link, in words. */
  content: string;
  /** Whether the page depends on the selected time window and sensors. */
  hasWindow: boolean;
}

export const viewWords: Readonly<Record<View, ViewWords>> = {
  overview: { title: 'Overview', content: 'the readings', hasWindow: true },
  sensors: { title: 'Sensors', content: 'the sensors', hasWindow: false },
  alerts: { title: 'Incidents', content: 'the incidents', hasWindow: true },
  replays: { title: 'Replays', content: 'the replays', hasWindow: false },
  ledger: { title: 'Ledger', content: 'the ledger', hasWindow: false },
  model: { title: 'Model', content: 'the model', hasWindow: true },
};
