/** Places of arrival from..to, both included. */
export interface SeqRange {
  from: number;
  to: number;
}

/**
 * What was delivered: every reading up to `seq` but those in `holes`, which were not to be seen when `seq` was passed:
 * given back, or of a transaction that commits later.
 */
export interface StreamPosition {
  seq: number;
  /** In rising order. */
  holes: readonly SeqRange[];
}

/** An id with more holes would be longer than its event; it is marked as incomplete and cannot be resumed from. */
const maxHolesInId = 20;

export function contains({ seq, holes }: StreamPosition, place: number): boolean {
  return place <= seq && !holes.some(({ from, to }) => from <= place && place <= to);
}

/** `812`, or `812!700-710!790`. */
export function formatEventId({ seq, holes }: StreamPosition): string {
  const shown = holes
    .slice(-maxHolesInId)
    .map(({ from, to }) => (from === to ? `!${from}` : `!${from}-${to}`));
  return `${seq}${shown.join('')}${holes.length > maxHolesInId ? '!' : ''}`;
}

const idPattern = /^\d{1,15}(?:!\d{1,15}(?:-\d{1,15})?)*$/;

/** Undefined for what no stream can be resumed from. */
export function parseEventId(id: string): StreamPosition | undefined {
  if (!idPattern.test(id)) return undefined;
  const [seq = '', ...holes] = id.split('!');
  const ranges = holes.map((hole) => {
    const [from, to = from] = hole.split('-').map(Number);
    return { from: Number(from), to: Number(to) };
  });
  const isRising = ranges.every(
    ({ from, to }, index) => from <= to && to <= Number(seq) && from > (ranges[index - 1]?.to ?? -1),
  );
  return isRising && ranges.length <= maxHolesInId ? { seq: Number(seq), holes: ranges } : undefined;
}
