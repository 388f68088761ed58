import type { Imputer } from '../../scalers/imputer.ts';
import type { MinMaxScaler, Scaler } from '../../scalers/scaler.ts';

/** What happens to a row before the classifier. */
export interface Preparation {
  /** For each column of the result, the column of the row that it comes from. */
  readonly columns: readonly number[];
  readonly scaler: Scaler;
  readonly imputer: Imputer | undefined;
}

/** Thrown where artifacts cannot express a combination of transformers. */
export class UnsupportedPreparation extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy = oneOfEach) {
    super(problem);
    this.remedy = remedy;
  }
}

export const oneOfEach = 'Fit the model with one scaler and one imputer at most';

const allColumns = (width: number) => Array.from({ length: width }, (_, j) => j);

export function passThrough(width: number): Preparation {
  return { columns: allColumns(width), scaler: { kind: 'none' }, imputer: undefined };
}

/** One preparation after the other. @throws UnsupportedPreparation for two scalers or two imputers */
export function chain(first: Preparation, second: Preparation): Preparation {
  const picked = pickColumns(first, second.columns);
  const [hasScaler, hasSecondScaler] = [picked.scaler.kind !== 'none', second.scaler.kind !== 'none'];
  if (hasScaler && hasSecondScaler) throw new UnsupportedPreparation('a second scaler');
  if (picked.imputer && second.imputer) throw new UnsupportedPreparation('a second imputer');
  const later = second.imputer && {
    ...second.imputer,
    after_scaler: hasScaler || second.imputer.after_scaler,
  };
  return {
    columns: picked.columns,
    scaler: hasScaler ? picked.scaler : second.scaler,
    imputer: picked.imputer ?? later,
  };
}

/** The chosen columns of the result, in that order. */
function pickColumns({ columns, scaler, imputer }: Preparation, chosen: readonly number[]): Preparation {
  const pick = <Value>(values: readonly Value[]): Value[] => chosen.map((j) => values[j]);
  return {
    columns: pick(columns),
    scaler: mapScaler(scaler, pick),
    imputer: imputer && { ...imputer, fill: pick(imputer.fill) },
  };
}

function mapScaler(scaler: Scaler, change: (values: readonly number[]) => number[]): Scaler {
  switch (scaler.kind) {
    case 'none':
      return scaler;
    case 'standard': {
      const { mean, variance, scale } = scaler;
      return { ...scaler, mean: change(mean), variance: change(variance), scale: change(scale) };
    }
    case 'min-max': {
      const [data_min, data_max] = [change(scaler.data_min), change(scaler.data_max)];
      return { ...scaler, data_min, data_max, scale: change(scaler.scale), min: change(scaler.min) };
    }
    case 'robust':
      return { ...scaler, center: change(scaler.center), scale: change(scaler.scale) };
    case 'max-abs':
      return { ...scaler, scale: change(scaler.scale) };
  }
}

/**
 * The results of several preparations of the same row side by side. Columns without a scaler or an imputer
 * pass through.
 *
 * @throws UnsupportedPreparation for scalers of different kinds, or imputers before and after a scaler
 */
export function concatenate(parts: readonly Preparation[]): Preparation {
  const kinds = new Set(parts.flatMap(({ scaler: { kind } }) => (kind === 'none' ? [] : [kind])));
  if (kinds.size > 1) throw new UnsupportedPreparation(`different scalers (${[...kinds].join(', ')})`);
  const [imputer, ...others] = parts.flatMap((part) => part.imputer ?? []);
  if (others.some((other) => other.after_scaler !== imputer.after_scaler)) {
    throw new UnsupportedPreparation('imputers before and after a scaler');
  }
  return {
    columns: parts.flatMap(({ columns }) => columns),
    scaler: joinScalers(parts),
    imputer: imputer && {
      ...imputer,
      fill: parts.flatMap((part) => part.imputer?.fill ?? part.columns.map(() => null)),
    },
  };
}

/** Columns without a scaler get a neutral one, which changes no bit of a value. */
function joinScalers(parts: readonly Preparation[]): Scaler {
  const first = parts.find(({ scaler }) => scaler.kind !== 'none')?.scaler;
  if (first === undefined) return { kind: 'none' };
  const scalers = parts.map(({ scaler, columns }) =>
    scaler.kind === 'none' ? toNeutral(first, columns.length) : scaler,
  );
  if (first.kind === 'min-max' && scalers.some((other) => !isSameRange(first, other))) {
    throw new UnsupportedPreparation(
      'MinMaxScalers of different ranges, or one that clips beside columns without it',
      'Fit it with clip=False, or with the same MinMaxScaler on all columns',
    );
  }
  const perColumn = scalers.map(listArrays);
  let array = 0;
  return mapScaler(first, () => {
    const joined = perColumn.flatMap((arrays) => arrays[array]);
    array++;
    return joined;
  });
}

/** The per-column arrays, in the order in which `mapScaler` visits them. */
function listArrays(scaler: Scaler): number[][] {
  const arrays: number[][] = [];
  mapScaler(scaler, (values) => {
    arrays.push([...values]);
    return [...values];
  });
  return arrays;
}

function toNeutral(scaler: Scaler, width: number): Scaler {
  const [zeros, ones] = [0, 1].map((value) => new Array<number>(width).fill(value));
  switch (scaler.kind) {
    case 'none':
      return scaler;
    case 'standard':
      return { kind: 'standard', mean: zeros, variance: ones, scale: ones };
    case 'min-max':
      return { ...scaler, data_min: zeros, data_max: ones, scale: ones, min: zeros, clip: false };
    case 'robust':
      return { kind: 'robust', center: zeros, scale: ones };
    case 'max-abs':
      return { kind: 'max-abs', scale: ones };
  }
}

/** The range matters only where values are clipped. */
function isSameRange(first: MinMaxScaler, other: Scaler): boolean {
  if (other.kind !== 'min-max' || first.clip !== other.clip) return false;
  return !first.clip || first.feature_range.every((limit, side) => limit === other.feature_range[side]);
}
