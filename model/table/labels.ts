const normalWords = [
  '0',
  'false',
  'f',
  'no',
  'normal',
  'ok',
  'good',
  'healthy',
  'nominal',
  'pass',
  'negative',
];
const anomalyWords = [
  ...['1', 'true', 't', 'yes', 'anomaly', 'anomalous', 'abnormal', 'outlier', 'fault', 'faulty', 'failure'],
  ...['fail', 'error', 'alarm', 'bad', 'broken', 'defect', 'defective', 'positive'],
];

const labels: ReadonlyMap<string, 0 | 1> = new Map([
  ...normalWords.map((word) => [word, 0] as const),
  ...anomalyWords.map((word) => [word, 1] as const),
]);

/** 1 where the word says anomaly, 0 where it says normal, in any case; undefined where it says neither. */
export function parseLabel(text: string): 0 | 1 | undefined {
  return labels.get(text) ?? labels.get(text.toLowerCase().replace(/^([01])\.0*$/, '$1'));
}
