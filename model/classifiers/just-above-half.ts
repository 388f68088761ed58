/** The smallest float64 above a half: the score of a row whose label is 1 by less than a score can show. */
export const justAboveHalf = 0.5 + Number.EPSILON / 2;
