import { formatDecimal } from './format-number.ts';

/** `0 kB`, `830 kB`, `12.4 MB` */
export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${formatDecimal(bytes / 1e6)} MB`;
}
