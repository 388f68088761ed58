import { toPlainKey } from './headings.ts';

/** Words for normal and for an anomaly, without accents. */
const words: readonly (readonly [normal: string, anomaly: string])[] = [
  // English
  [
    '0 false f no normal ok okay good healthy nominal pass negative',
    '1 true t yes anomaly anomalous abnormal outlier attack fault faulty failure fail error alarm bad broken defect defective positive nok',
  ],
  // German; `i.O.` and `n.i.O.` are usual in quality control
  [
    'nein falsch gut fehlerfrei io inordnung',
    'ja wahr schlecht storung stoerung gestort fehler fehlerhaft defekt ausfall anomalie nio',
  ],
  // French
  ['non faux bon bonne', 'oui vrai ko alarme mauvais mauvaise defaut defaillance panne erreur anomalie'],
  // Spanish
  ['falso bueno buena', 'si verdadero anormal alarma malo mala fallo falla averia anomalia defectuoso'],
  // Italian
  ['normale buono', 'vero cattivo guasto errore difetto difettoso allarme'],
  // Dutch
  ['nee onwaar goed normaal', 'waar slecht storing fout afwijking'],
  // Portuguese
  ['nao bom', 'sim mau falha avaria erro defeito'],
];

const labels: ReadonlyMap<string, 0 | 1> = new Map(
  words.flatMap((of) =>
    ([0, 1] as const).flatMap((label) => of[label].split(' ').map((word) => [word, label] as const)),
  ),
);

/** 1 where the word says anomaly, 0 where it says normal, in any case; undefined where it says neither. */
export function parseLabel(text: string): 0 | 1 | undefined {
  return (
    labels.get(text) ??
    labels.get(/\p{L}/u.test(text) ? toPlainKey(text) : text.replace(/^([01])\.0*$/, '$1'))
  );
}

/** Whether `yes` in a column of this name means normal, as in `ok` or `is_normal`, and its words do not say so themselves. */
export function areInverted(name: string, cells: readonly string[]): boolean {
  const isGood = (text: string) =>
    /^(?:is|ist)?(?:ok|okay|good|healthy|normal|pass|passed|gut|io)$/.test(toPlainKey(text));
  return isGood(name) && !cells.some(isGood);
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
