/** @throws Error naming the flag, its text and the range */
export function parseInteger(flag: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new Error(`${flag} "${text}": expected a whole number from ${min} to ${max}`);
  }
  return value;
}
