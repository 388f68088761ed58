/** Fractions of larger numbers cannot be told from their neighbours by a float64. */
const maxDenominator = 2 ** 26;

/**
 * 1 − share as the division of whole numbers gives it: where `share` is the float64 next to a / n, the float64 next to
 * (n − a) / n, which 1 − share may miss by its own rounding. The fraction is found among the convergents of the share's
 * continued fraction (Khinchin, Continued Fractions, theorem 19).
 *
 * @param share from 0 to 1
 * @returns 1 − share where the share is no fraction of whole numbers up to 2²⁶, as with weighted rows
 */
export function complementShare(share: number): number {
  let [numerator, previousNumerator] = [0, 1];
  let [denominator, previousDenominator] = [1, 0];
  let rest = share;
  while (denominator <= maxDenominator) {
    if (numerator / denominator === share) return (denominator - numerator) / denominator;
    if (rest === 0) break;
    const whole = Math.floor(1 / rest);
    rest = 1 / rest - whole;
    [numerator, previousNumerator] = [whole * numerator + previousNumerator, numerator];
    [denominator, previousDenominator] = [whole * denominator + previousDenominator, denominator];
  }
  return 1 - share;
}
