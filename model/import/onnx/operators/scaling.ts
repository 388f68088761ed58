import type { Node } from '../onnx-schema.ts';
import { floatAttribute, floatsAttribute } from '../read-attribute.ts';
import type { Tensor } from '../read-tensor.ts';
import {
  type Call,
  type Column,
  constantAt,
  expectFeatures,
  type Features,
  isRow,
  refusal,
  type Value,
} from './value.ts';

/** Converts to float64, or rounds to float32. */
export function toPrecision(features: Features, isDouble: boolean): Features {
  if (isDouble) return { ...features, isDouble };
  const columns = features.columns.map((column) => ({ ...column, compute: rounded(column.compute) }));
  return { ...features, columns, isDouble };
}

/** ai.onnx.ml.Scaler: (x − offset) · scale, in float32. */
export function scaler(call: Call): Value[] {
  const { node } = call;
  const features = toPrecision(expectFeatures(call), false);
  const centered = changed(node, features, { operator: 'Sub', constants: floatsAttribute(node, 'offset') });
  return [changed(node, centered, { operator: 'Mul', constants: floatsAttribute(node, 'scale') })];
}

/** Arithmetic of features with a constant: one number for all columns, or one per column. */
export function scaleFeatures({ node }: Call, features: Features, other: Tensor): Value {
  if (!isRow(other)) throw refusal(node, `a constant of ${other.dims.join(' × ')}, expected one row`);
  const scaled = changed(node, features, { operator: node.operator, constants: other.values });
  return node.operator === 'Add' ? { ...scaled, isShifted: true } : scaled;
}

/** Clip of all features to one range, given by attributes (before opset 11) or inputs. */
export function clip(call: Call): Value[] {
  const features = expectFeatures(call);
  const { node, inputs } = call;
  const end = (index: number) => (inputs[index] ? constantAt(call, index).values[0] : undefined);
  const low = floatAttribute(node, 'min') ?? end(1);
  const high = floatAttribute(node, 'max') ?? end(2);
  if (low === undefined || high === undefined || !(low < high)) {
    throw refusal(node, `clips to ${low} … ${high}, expected two numbers`);
  }
  const columns = refuseClipped(node, features).columns.map((column) => {
    const { compute } = column;
    return { ...column, compute: (x: number) => Math.min(high, Math.max(low, compute(x))) };
  });
  return [{ ...features, columns, clip: [low, high] }];
}

function refuseClipped(node: Node, features: Features): Features {
  if (features.clip === undefined) return features;
  throw refusal(node, 'scales features that are already clipped');
}

interface Operation {
  readonly operator: string;
  readonly constants: Float64Array;
}

function changed(node: Node, features: Features, { operator, constants }: Operation): Features {
  const { length } = constants;
  if (length === 0 || (length !== 1 && length !== features.columns.length)) {
    throw refusal(node, `${length} numbers for ${features.columns.length} features`);
  }
  const columns = refuseClipped(node, features).columns.map((column, j) => {
    const constant = constants[length === 1 ? 0 : j];
    const isFactor = operator === 'Mul' || operator === 'Div';
    if (isFactor && !(constant > 0 && Number.isFinite(constant))) {
      throw refusal(node, `feature ${j} is scaled by ${constant}, expected a positive number`);
    }
    const { center, scale, step } = changeOf(operator, column, constant);
    const next = (x: number) => step(column.compute(x));
    return { feature: column.feature, center, scale, compute: features.isDouble ? next : rounded(next) };
  });
  return { ...features, columns };
}

interface Change {
  readonly center: number;
  readonly scale: number;
  readonly step: (z: number) => number;
}

function changeOf(operator: string, { center, scale }: Column, constant: number): Change {
  switch (operator) {
    case 'Add':
      return { center: center - constant * scale, scale, step: (z) => z + constant };
    case 'Sub':
      return { center: center + constant * scale, scale, step: (z) => z - constant };
    case 'Mul':
      return { center, scale: scale / constant, step: (z) => z * constant };
    default:
      return { center, scale: scale * constant, step: (z) => z / constant };
  }
}

function rounded(compute: (x: number) => number): (x: number) => number {
  return (x) => Math.fround(compute(x));
}
