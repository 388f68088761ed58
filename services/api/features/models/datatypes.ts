/** An element of a tensor as float64, or what it should have been. */
type Convert = (element: unknown) => number | { expected: string };

/** A float format: its number of significant bits, its smallest normal exponent, and `max`, above which values overflow. */
interface FloatFormat {
  bits: number;
  minExponent: number;
  max: number;
}

/** Rounds to the nearest value of the format, ties to even, as IEEE 754 does. */
export function roundToFormat(value: number, { bits, minExponent, max }: FloatFormat): number {
  if (value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), minExponent);
  const step = 2 ** (exponent - bits + 1);
  const steps = value / step; // exact, since the step is a power of two
  const below = Math.floor(steps);
  const isUp = steps - below > 0.5 || (steps - below === 0.5 && below % 2 !== 0);
  const rounded = (isUp ? below + 1 : below) * step;
  return Math.abs(rounded) > max ? Math.sign(value) * Infinity : rounded;
}

function float(round: (value: number) => number): Convert {
  return (element) => {
    const value = typeof element === 'number' ? round(element) : Number.NaN;
    return Number.isFinite(value) ? value : { expected: 'a finite number' };
  };
}

/** Refuses whole numbers that float64, and so the parser of JSON, may have rounded. */
function integer(min: number, max: number): Convert {
  const [least, most] = [Math.max(min, Number.MIN_SAFE_INTEGER), Math.min(max, Number.MAX_SAFE_INTEGER)];
  return (element) => {
    const isWithin = Number.isInteger(element) && Number(element) >= least && Number(element) <= most;
    return isWithin ? Number(element) : { expected: `a whole number from ${least} to ${most}` };
  };
}

const signed = (bits: number): Convert => integer(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const unsigned = (bits: number): Convert => integer(0, 2 ** bits - 1);

/** Some clients send 0 and 1. */
const boolean: Convert = (element) => {
  const isBoolean = typeof element === 'boolean' || element === 0 || element === 1;
  return isBoolean ? Number(element) : { expected: 'true or false' };
};

/** How the elements of each numeric datatype of the Open Inference Protocol are read. */
export const datatypes: ReadonlyMap<string, Convert> = new Map([
  ['FP64', float((value) => value)],
  ['FP32', float(Math.fround)],
  ['FP16', float((value) => roundToFormat(value, { bits: 11, minExponent: -14, max: 65_504 }))],
  ['BF16', float((value) => roundToFormat(value, { bits: 8, minExponent: -126, max: 2 ** 128 - 2 ** 120 }))],
  ...[64, 32, 16, 8].flatMap((bits): [string, Convert][] => [
    [`INT${bits}`, signed(bits)],
    [`UINT${bits}`, unsigned(bits)],
  ]),
  ['BOOL', boolean],
]);
