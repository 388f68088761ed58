/** The pages in navigation order, named as in the URL. */
export const views = ['overview', 'sensors', 'alerts', 'model', 'system'] as const;
export type View = (typeof views)[number];

/** Old links to pages that are now part of another one. */
export const formerViews = ['replays', 'ledger'] as const;

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
  model: { title: 'Model', content: 'the model', hasWindow: true },
  system: { title: 'System', content: 'the system', hasWindow: false },
};
