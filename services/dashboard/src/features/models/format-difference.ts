/** `0, bit-identical` or `2.2e−16` */
export function formatDifference(difference: number): string {
  return difference === 0 ? '0, bit-identical' : difference.toExponential(1).replace('-', '−');
}
