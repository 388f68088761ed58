const workMs = 5000;
const maxRows = 5000;

type Pace = {
  /** As asked for; 0: to be chosen. */
  chunk: number;
  /** Of this sender, from row to row; undefined: as fast as it goes. */
  spacingMs: number | undefined;
};

/** So few that little is left undone by who dies, and so many that asking for them costs next to nothing. */
export function toChunkRows({ chunk, spacingMs }: Pace): number {
  if (chunk > 0) return chunk;
  if (spacingMs === undefined || spacingMs <= 0) return maxRows;
  return Math.min(maxRows, Math.max(1, Math.ceil(workMs / spacingMs)));
}
