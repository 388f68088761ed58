/** `0, equal to the last bit` or `2.2e−16` */
export function formatDifference(difference: number): string {
  return difference === 0 ? '0, equal to the last bit' : difference.toExponential(1).replace('-', '−');
}
