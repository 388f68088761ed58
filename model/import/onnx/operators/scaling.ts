import { floatAttribute, floatsAttribute } from '../read-attribute.ts';
import type { Node } from '../read-model.ts';
import type { Tensor } from '../read-tensor.ts';
import {
  type Call,
  type Column,
  constantAt,
  expectFeatures,
  type Features,
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
  const features = toPrecision(expectFeatures(call), false);
  const width = features.columns.length;
  const offset = spread(call.node, floatsAttribute(call.node, 'offset'), width);
  const scale = spread(call.node, floatsAttribute(call.node, 'scale'), width);
  return [
    multiplied(
      call.node,
      added(call.node, features, (j) => -offset(j)),
      scale,
    ),
  ];
}

/** Arithmetic of features with a constant: one number for all columns, or one per column. */
export function scaleFeatures(call: Call, features: Features, other: Tensor): Value {
  const { node } = call;
  const { length } = other.values;
  const isRow = other.dims.length <= 2 && other.dims.slice(0, -1).every((size) => size === 1);
  if (!isRow) throw refusal(node, `a constant of ${other.dims.join(' × ')}, expected one row`);
  const constant = spread(node, other.values, features.columns.length);
  if (length === 0) throw refusal(node, 'an empty constant');
  switch (node.operator) {
    case 'Add':
      return { ...added(node, features, constant), isShifted: true };
    case 'Sub':
      return added(node, features, (j) => -constant(j));
    case 'Mul':
      return multiplied(node, features, constant);
    default:
      return divided(node, features, constant);
  }
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

type Numbers = (column: number) => number;

function spread(node: Node, values: Float64Array, width: number): Numbers {
  if (values.length === 1) return () => values[0];
  if (values.length === width) return (j) => values[j];
  throw refusal(node, `${values.length} numbers for ${width} features`);
}

function added(node: Node, features: Features, constant: Numbers): Features {
  return changed(refuseClipped(node, features), ({ center, scale }, j) => {
    const term = constant(j);
    return { center: center - term * scale, scale, step: (z) => z + term };
  });
}

function multiplied(node: Node, features: Features, constant: Numbers): Features {
  return changed(refuseClipped(node, features), ({ center, scale }, j) => {
    const factor = expectPositive(node, constant(j), j);
    return { center, scale: scale / factor, step: (z) => z * factor };
  });
}

function divided(node: Node, features: Features, constant: Numbers): Features {
  return changed(refuseClipped(node, features), ({ center, scale }, j) => {
    const divisor = expectPositive(node, constant(j), j);
    return { center, scale: scale * divisor, step: (z) => z / divisor };
  });
}

function expectPositive(node: Node, value: number, j: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw refusal(node, `feature ${j} is scaled by ${value}, expected a positive number`);
}

interface Change {
  readonly center: number;
  readonly scale: number;
  readonly step: (z: number) => number;
}

function changed(features: Features, change: (column: Column, j: number) => Change): Features {
  const columns = features.columns.map((column, j) => {
    const { center, scale, step } = change(column, j);
    const next = (x: number) => step(column.compute(x));
    return { feature: column.feature, center, scale, compute: features.isDouble ? next : rounded(next) };
  });
  return { ...features, columns };
}

function rounded(compute: (x: number) => number): (x: number) => number {
  return (x) => Math.fround(compute(x));
}
