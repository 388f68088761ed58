const normalWords = '0 false f no normal ok good healthy nominal pass negative'.split(' ');
const anomalyWords = (
  '1 true t yes anomaly anomalous abnormal outlier attack fault faulty failure ' +
  'fail error alarm bad broken defect defective positive'
).split(' ');

const labels: ReadonlyMap<string, 0 | 1> = new Map([
  ...normalWords.map((word) => [word, 0] as const),
  ...anomalyWords.map((word) => [word, 1] as const),
]);

/** 1 where the word says anomaly, 0 where it says normal, in any case; undefined where it says neither. */
export function parseLabel(text: string): 0 | 1 | undefined {
  return labels.get(text) ?? labels.get(text.toLowerCase().replace(/^([01])\.0*$/, '$1'));
}

export type LabelParser = (text: string) => 0 | 1 | undefined;

/**
 * Reads the labels of a column by the words in its first rows. With `anomalyLabels`, these mean an anomaly and all other words of the
 * first rows mean normal.
 */
export function createLabelParser(cells: readonly string[], anomalyLabels: readonly string[]): LabelParser {
  const words = new Set(cells.map(toWord));
  const isSigned = isPlusMinusOne(words);
  const anomalies = new Set(isSigned && anomalyLabels.length === 0 ? ['-1'] : anomalyLabels.map(toWord));
  if (anomalies.size === 0) return parseLabel;
  return (text) => {
    const word = toWord(text);
    if (anomalies.has(word)) return 1;
    return words.has(word) || parseLabel(word) === 0 ? 0 : undefined;
  };
}

/** The labels of scikit-learn's detectors: -1 is an anomaly. */
export function isPlusMinusOne(cells: Iterable<string>): boolean {
  const words = new Set([...cells].map(toWord));
  return words.has('-1') && [...words].every((word) => word === '-1' || word === '1');
}

/** Without case, and as a whole number where it is one. */
function toWord(text: string): string {
  return text.toLowerCase().replace(/^\+?(-?\d+)(?:[.,]0*)?$/, '$1');
}
