import { eachText, integersAttribute } from '../read-attribute.ts';
import type { Node } from '../read-model.ts';
import { refusal } from './value.ts';

/** What the operator calls labels 0 and 1: its columns are in this order. */
export function classLabels(node: Node, names: { integers: string; texts: string }): [string, string] {
  const texts = [...eachText(node, names.texts)];
  const labels = texts.length > 0 ? texts : [...integersAttribute(node, names.integers)].map(String);
  if (labels.length !== 2) throw refusal(node, `${labels.length} classes, expected 2`);
  return [labels[0], labels[1]];
}
