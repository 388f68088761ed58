import { areInverted, isPlusMinusOne, parseLabel } from '../table/labels.ts';
import { parseNumber } from '../table/numbers.ts';
import { DatasetError } from './dataset.ts';

const maxClassesShown = 5;

interface ParsedLabels {
  readonly labels: Uint8Array;
  readonly classNames: readonly [string, string];
  readonly remarks: readonly string[];
}

/**
 * Maps two classes to labels 0 and 1, or one class of several to label 1 and all others to label 0. The classes 0 and 1 map to themselves and are named normal and anomaly.
 * Otherwise label 1 is `positive` if given, else the class that a name says is the anomaly (`fault` and `ok`,
 * `leak` and `normal`), else -1 beside 1, else the rarer class, else the last in alphabetical order.
 *
 * @param cells the label of each row, not empty
 * @param positive the class that becomes label 1
 * @throws DatasetError when the name of the column means normal, when there is one class, or several without `positive`, or none is `positive`
 */
export function parseLabels(
  cells: readonly string[],
  { positive, column, source }: { positive: string | undefined; column: string; source: string },
): ParsedLabels {
  const texts = cells.map(toClass);
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const classes = [...counts.keys()].sort();
  const fault =
    positive === undefined && areInverted(column, classes)
      ? 'the name means normal: --positive gives the class of anomalies'
      : classFault(classes, counts, positive);
  if (fault !== undefined) throw new DatasetError(source, [`column "${column}": ${fault}`]);
  const isNumbered = classes.join() === '0,1';
  const { one, why } = choosePositive(classes, counts, positive ?? (isNumbered ? '1' : undefined));
  const labels = Uint8Array.from(texts, (text) => Number(text === one));
  if (isNumbered && one === '1') return { labels, classNames: ['normal', 'anomaly'], remarks: [] };
  const others = classes.filter((name) => name !== one);
  const zero = others.length === 1 ? others[0] : `not ${one}`;
  const quoted = others
    .map((name) => `"${name}"`)
    .slice(0, maxClassesShown)
    .join(', ');
  const [ones, zeros] = [counts.get(one) ?? 0, cells.length - (counts.get(one) ?? 0)];
  const remark = `label 1 is "${one}" (${ones} rows; ${why}), label 0 is ${quoted} (${zeros} rows)`;
  return { labels, classNames: [zero, one], remarks: [remark] };
}

/** `1.0` and `1` are the same class. */
function toClass(cell: string): string {
  const value = parseNumber(cell);
  return Number.isNaN(value) ? cell : String(value);
}

function choosePositive(
  classes: readonly string[],
  counts: ReadonlyMap<string, number>,
  positive: string | undefined,
): { one: string; why: string } {
  if (positive !== undefined) return { one: toClass(positive), why: 'as requested' };
  if (isPlusMinusOne(classes)) return { one: '-1', why: 'as in scikit-learn' };
  const [a, b] = classes;
  const [labelA, labelB] = [a, b].map((name) =>
    Number.isNaN(parseNumber(name)) ? parseLabel(name) : undefined,
  );
  if (labelA !== labelB) {
    const isA = labelA === 1 || labelB === 0;
    return { one: isA ? a : b, why: 'by their names' };
  }
  const [countA, countB] = [a, b].map((name) => counts.get(name) ?? 0);
  if (countA === countB)
    return { one: b, why: 'the last in alphabetical order, as both are equally frequent' };
  return { one: countA < countB ? a : b, why: 'the rarer' };
}

function classFault(
  classes: readonly string[],
  counts: ReadonlyMap<string, number>,
  positive: string | undefined,
): string | undefined {
  if (classes.length === 1) return `every row has the class "${classes[0]}": expected two classes`;
  if (classes.length !== 2 && positive === undefined) {
    const shown = classes.slice(0, maxClassesShown).map((name) => `"${name}" ${counts.get(name)} times`);
    if (classes.length > shown.length) shown.push(`${classes.length - shown.length} more`);
    return `${classes.length} classes, expected 0 and 1 or two names: ${shown.join(', ')}; --positive NAME makes one of them label 1 and the others label 0`;
  }
  if (positive === undefined || counts.has(toClass(positive))) return undefined;
  return `no row has the class "${positive}": found "${classes.slice(0, maxClassesShown).join('" and "')}"`;
}
