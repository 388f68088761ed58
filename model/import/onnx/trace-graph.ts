import { maxFeatures } from '../../matrix.ts';
import { OnnxError, quote } from './onnx-error.ts';
import type { Node, ValueInfo } from './onnx-schema.ts';
import { apply } from './operators/operators.ts';
import { toScores } from './operators/scores.ts';
import type { Decision, Scores, Value } from './operators/value.ts';
import type { Graph } from './read-model.ts';
import { elementName, elementTypes, readTensor } from './read-tensor.ts';

/** One input of n × `width`; `batch` is n where the graph fixes it. */
export interface Input {
  readonly name: string;
  readonly elementType: 'float' | 'double';
  readonly width: number;
  readonly batch: number | undefined;
}

/** The graph's score, and what leads to it. */
export interface Traced {
  readonly inputs: readonly Input[];
  /** A tensor of n × columns, which need not be an output of the graph. */
  readonly tensor: string;
  readonly result: Scores | Decision;
  /** The operators that lead to the score, in order. */
  readonly operators: readonly string[];
  /** The output that holds labels. */
  readonly labels: string | undefined;
}

/**
 * Follows the graph from its inputs to the output that holds a probability. Tensors are represented by their
 * meaning (`Value`). Nodes that do not lead to that output are ignored.
 *
 * @throws OnnxError where the graph has no score, or an operator on the way cannot be converted
 */
export function traceGraph(graph: Graph): Traced {
  const inputs = readInputs(graph.inputs);
  const values = new Map<string, Value>(inputValues(inputs));
  const tracer = { graph, values, producers: producersOf(graph) };
  const isLabel = ({ type }: ValueInfo) =>
    type?.tensor?.element === elementTypes.int64 || type?.tensor?.element === elementTypes.string;
  const found: Found[] = [];
  let fault: unknown;
  for (const { name } of graph.outputs.filter((output) => !isLabel(output)).slice(0, maxOutputs)) {
    try {
      const traced = traceOutput(tracer, name);
      if (traced) found.push(traced);
    } catch (error) {
      fault ??= error;
    }
  }
  const [chosen] = found;
  if (chosen === undefined)
    throw fault ?? new OnnxError('no output of the model is the probability of a label');
  const other = found.find(({ result }) => result.source.origin !== chosen.result.source.origin);
  if (other)
    throw new OnnxError(`two outputs are scores: ${quote(chosen.tensor)} and ${quote(other.tensor)}`);
  const labels = graph.outputs.find(isLabel)?.name;
  if (chosen.result.kind === 'decision' && chosen.result.isAltered && labels === undefined) {
    throw new OnnxError(
      'further operators follow the decision function, and no output is a label to compare with',
    );
  }
  return { inputs, labels, ...chosen };
}

const maxOutputs = 64;

function readInputs(infos: readonly ValueInfo[]): Input[] {
  const inputs = infos.slice(0, maxFeatures + 1).map(readInput);
  const features = inputs.reduce((sum, { width }) => sum + width, 0);
  if (inputs.length === 0) throw new OnnxError('the model has no input');
  if (inputs.length > 1 && inputs.some(({ width }) => width !== 1)) {
    throw new OnnxError(
      `${inputs.length} inputs, expected one input with all features, or one input per feature`,
    );
  }
  if (features > maxFeatures) throw new OnnxError(`more than ${maxFeatures} features`);
  return inputs;
}

const maxShownDims = 16;

function readInput({ name, type }: ValueInfo): Input {
  const { element, shape } = type?.tensor ?? {};
  const isFloat = element === elementTypes.float;
  if (!isFloat && element !== elementTypes.double) {
    const found = element === undefined ? 'no tensor' : `a tensor of ${elementName(element)}`;
    throw new OnnxError(`input ${quote(name)} is ${found}, expected float or double`);
  }
  const dims = shape?.dims.map((dim) => (Object.hasOwn(dim, 'size') && dim.size > 0 ? dim.size : undefined));
  const [batch, width] = dims ?? [];
  if (dims?.length !== 2 || width === undefined) {
    const shown = dims?.slice(0, maxShownDims).map((size) => size ?? '?');
    throw new OnnxError(
      `input ${quote(name)} has the shape ${shown?.join(' × ') || 'unknown'}, expected rows × features`,
    );
  }
  return { name, elementType: isFloat ? 'float' : 'double', width, batch };
}

function inputValues(inputs: readonly Input[]): [string, Value][] {
  let feature = 0;
  return inputs.map(({ name, width, elementType }) => {
    const isDouble = elementType === 'double';
    const compute = isDouble ? (x: number) => x : Math.fround;
    const columns = Array.from({ length: width }, () => ({
      feature: feature++,
      center: 0,
      scale: 1,
      compute,
    }));
    return [name, { kind: 'features', columns, isDouble, isShifted: false }];
  });
}

interface Tracer {
  readonly graph: Graph;
  /** Filled during tracing. */
  readonly values: Map<string, Value>;
  readonly producers: ReadonlyMap<string, number>;
}

/** The index of the node that produces each tensor. */
function producersOf({ nodes, inputs, initializers }: Graph): Map<string, number> {
  const producers = new Map<string, number>();
  const given = new Set(inputs.map(({ name }) => name));
  for (const [index, { outputs }] of nodes.entries()) {
    for (const name of outputs) {
      if (name === '') continue;
      if (producers.has(name) || given.has(name) || initializers.has(name)) {
        throw new OnnxError(`tensor ${quote(name)} is produced twice`);
      }
      producers.set(name, index);
    }
  }
  return producers;
}

const passing = new Set([
  'Identity',
  'Cast',
  'Constant',
  'Dropout',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
]);

type Found = Pick<Traced, 'tensor' | 'result' | 'operators'>;

/** Undefined where the output is not a score. */
function traceOutput(tracer: Tracer, output: string): Found | undefined {
  const needed = nodesBefore(tracer, output).map((index) => tracer.graph.nodes[index]);
  for (const node of needed) {
    if (!node.outputs.some((name) => tracer.values.has(name))) evaluate(tracer, node);
  }
  const value = tracer.values.get(output);
  const result = value?.kind === 'decision' ? value : toScores(value);
  if (result === undefined || (result.kind === 'scores' && !result.labels.includes(1))) return undefined;
  const operators = needed.map(({ operator }) => operator).filter((operator) => !passing.has(operator));
  return {
    tensor: result.kind === 'decision' ? result.tensor : beforeZipMap(needed, output),
    result,
    operators,
  };
}

/** The runtime's output of a ZipMap is not a tensor, so its input is compared instead. */
function beforeZipMap(nodes: readonly Node[], output: string): string {
  const zipMap = nodes.find(({ operator, outputs }) => operator === 'ZipMap' && outputs[0] === output);
  return zipMap?.inputs[0] ?? output;
}

const maxNeeded = 1000;

/** Indices of the nodes that lead to a tensor, in the order of the graph, which is an order of execution. */
function nodesBefore({ graph, producers }: Tracer, output: string): number[] {
  const needed = new Set<number>();
  const names = [output];
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const index = producers.get(name);
    if (index === undefined || needed.has(index)) continue;
    needed.add(index);
    if (needed.size > maxNeeded)
      throw new OnnxError(`more than ${maxNeeded} operators lead to ${quote(output)}`);
    names.push(...graph.nodes[index].inputs);
  }
  return [...needed].sort((a, b) => a - b);
}

function evaluate({ graph, values }: Tracer, node: Node): void {
  const inputs = node.inputs.map((name) => {
    if (name === '') return undefined;
    const value = values.get(name) ?? constantOf(graph, name);
    if (value === undefined)
      throw new OnnxError(`operator ${node.operator}: nothing produces its input ${quote(name)}`);
    values.set(name, value);
    return value;
  });
  const results = apply({ node, inputs });
  for (const [i, result] of results.entries()) if (node.outputs[i]) values.set(node.outputs[i], result);
}

function constantOf({ initializers }: Graph, name: string): Value | undefined {
  const stored = initializers.get(name);
  return stored && { kind: 'constant', tensor: readTensor(stored) };
}
