import { maxFeatures } from '../../../matrix.ts';
import { classLabels, integerAttribute, integersAttribute, textAttribute } from '../read-attribute.ts';
import { elementName, elementTypes, type Tensor } from '../read-tensor.ts';
import { networkScores } from './dense.ts';
import { toPrecision } from './scaling.ts';
import { type Call, constantAt, describe, refusal, type Scores, type Value } from './value.ts';

/** Values that are probabilities: scores, and a network whose last layer is a probability. */
export function toScores(value: Value | undefined): Scores | undefined {
  if (value?.kind === 'scores') return value;
  return value?.kind === 'network' ? networkScores(value) : undefined;
}

export function pass({ node, inputs: [input] }: Call): Value[] {
  if (input === undefined) throw refusal(node, 'has no input');
  return [input];
}

/** Casts to float or double. Other types occur only in the computation of labels. */
export function cast({ node, inputs: [input] }: Call): Value[] {
  const to = integerAttribute(node, 'to') ?? 0;
  if (input === undefined) throw refusal(node, 'has no input');
  const isFloating = to === elementTypes.float || to === elementTypes.double;
  if (isFloating && input.kind === 'features') return [toPrecision(input, to === elementTypes.double)];
  if (isFloating || input.kind === 'decision') return [input];
  throw refusal(node, `${describe(input)} to ${elementName(to)}`);
}

/** Probabilities of both labels already sum to 1, so division by the sum of absolute values has no effect. */
export function normalizer({ node, inputs: [input] }: Call): Value[] {
  const norm = textAttribute(node, 'norm') ?? 'MAX';
  const scores = toScores(input);
  if (norm !== 'L1' || scores?.labels.length !== 2) throw refusal(node, `norm ${norm} of ${describe(input)}`);
  return [scores];
}

export function rowSums({ node, inputs }: Call): Value[] {
  const [input, axes] = inputs;
  const axis = axes?.kind === 'constant' ? axes.tensor.values : integersAttribute(node, 'axes');
  const isOverColumns = axis.length === 1 && (axis[0] === 1 || axis[0] === -1);
  const scores = toScores(input);
  if (!scores || !isOverColumns) throw refusal(node, `of ${describe(input)} over axes ${axis.join(', ')}`);
  return [{ kind: 'row-sums', of: scores }];
}

export function dividedByRowSums({ node, inputs: [input, sums] }: Call): Value | undefined {
  if (sums?.kind !== 'row-sums') return undefined;
  const scores = toScores(input);
  if (
    sums.of.source.origin !== scores?.source.origin ||
    scores?.labels.length !== 2 ||
    sums.of.labels.length !== 2
  )
    throw refusal(node, `${describe(input)} by ${describe(sums)}`);
  return scores;
}

/** ai.onnx.ml.ZipMap: attaches the names of the labels to probabilities or raw scores. */
export function zipMap({ node, inputs: [input] }: Call): Value[] {
  const result = input?.kind === 'decision' ? input : toScores(input);
  if (result === undefined || (result.kind === 'scores' && result.labels.join() !== '0,1')) {
    throw refusal(node, `expected probabilities of two labels, got ${describe(input)}`);
  }
  const names = classLabels(node, { integers: 'classlabels_int64s', texts: 'classlabels_strings' });
  return [{ ...result, source: { ...result.source, classLabels: names } }];
}

/** ai.onnx.ml.ArrayFeatureExtractor and Gather: selects columns of features or of probabilities. */
export function pickColumns(call: Call): Value[] {
  const { node, inputs } = call;
  const [input] = inputs;
  if (input?.kind === 'decision') return [{ ...input, isAltered: true }];
  const axis = node.operator === 'Gather' ? (integerAttribute(node, 'axis') ?? 0) : 1;
  if (axis !== 1 && axis !== -1) throw refusal(node, `axis ${axis}, expected 1`);
  const indices = constantAt(call, 1).values;
  if (input?.kind === 'features') return [{ ...input, columns: picked(call, input.columns, indices) }];
  const scores = toScores(input);
  if (scores === undefined) throw refusal(node, `of ${describe(input)}`);
  return [{ ...scores, labels: picked(call, scores.labels, indices) }];
}

function picked<Column>({ node }: Call, columns: readonly Column[], indices: Float64Array): Column[] {
  if (indices.length > maxFeatures)
    throw refusal(node, `${indices.length} columns, expected at most ${maxFeatures}`);
  return Array.from(indices, (index) => {
    const column = columns[index < 0 ? index + columns.length : index];
    if (column === undefined) throw refusal(node, `column ${index} of ${columns.length}`);
    return column;
  });
}

/** 1 − the probability of one label: the probability of the other. */
export function complement({ node }: Call, one: Tensor, scores: Scores): Value {
  if (one.values.length !== 1 || one.values[0] !== 1 || scores.labels.length !== 1) {
    throw refusal(node, 'a constant minus probabilities, expected 1 minus the probability of one label');
  }
  return { ...scores, labels: [scores.labels[0] === 1 ? 0 : 1] };
}

/**
 * Reshape, Flatten, Squeeze and Unsqueeze that keep rows and columns, or that affect a single column only.
 */
export function reshape(call: Call): Value[] {
  const { node, inputs } = call;
  const [input] = inputs;
  const scores = toScores(input);
  if (scores?.labels.length === 1) return [scores];
  const width = input?.kind === 'features' ? input.columns.length : scores?.labels.length;
  if (input !== undefined && width !== undefined && keepsRows(call, width)) return [input];
  throw refusal(node, `${describe(input)} into another shape`);
}

function keepsRows(call: Call, width: number): boolean {
  const { node } = call;
  if (node.operator === 'Flatten') return (integerAttribute(node, 'axis') ?? 1) === 1;
  if (node.operator !== 'Reshape') return false;
  const shape = call.inputs[1] ? constantAt(call, 1).values : integersAttribute(node, 'shape');
  const [rows, columns] = shape;
  return shape.length === 2 && ((columns === width && rows <= 0) || (columns === -1 && rows === 0));
}
