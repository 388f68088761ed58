/** The logistic function, log-odds to probability; 0 and 1 at the ends, never NaN for a finite argument. */
export function expit(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
