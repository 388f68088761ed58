const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Index of the largest finite float32 in `float32At`. */
export const lastFloat32 = 0x7f7fffff;

/** The float32 numbers in ascending order; index 0 is 0. */
export function float32At(index: number): number {
  bits[0] = Math.abs(index);
  return index < 0 ? -float[0] : float[0];
}

/** The largest float32 below another. */
export function float32Below(value: number): number {
  float[0] = value;
  return float32At((bits[0] < 0 ? -(bits[0] & 0x7fffffff) : bits[0]) - 1);
}
