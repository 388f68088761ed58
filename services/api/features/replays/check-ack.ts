import type { AckRequest, FieldError } from '@sensor-sentinel/contracts';
import { toValidationError } from '../../http/parse-request.ts';
import type { ChunkRow } from './chunks.ts';
import { countRows, outcomeNames } from './outcomes.ts';

/** What a sender says of its lease must fit the rows of the lease, and what it said before. */
function listFaults(chunk: ChunkRow, { done_rows, outcomes, total_rows }: AckRequest): FieldError[] {
  const faults: FieldError[] = [];
  const add = (path: string, message: string) => faults.push({ path, message });
  if (done_rows > chunk.rows) add('done_rows', `expected at most the ${chunk.rows} rows of the lease`);
  if (done_rows < chunk.done_rows)
    add('done_rows', `expected at least the ${chunk.done_rows} that are done already`);
  for (const name of outcomeNames) {
    if (outcomes[name] < chunk[name])
      add(`outcomes.${name}`, `expected at least ${chunk[name]}, which was said before`);
  }
  const counted = countRows(outcomes);
  const doneByLease = done_rows - chunk.leased_from;
  if (counted !== doneByLease) {
    const sum = `stored + rejected + bad + dropped is ${counted}`;
    add('outcomes', `${sum}; expected ${doneByLease}: done_rows less the ${chunk.leased_from} done before`);
  }
  if (outcomes.replayed > outcomes.stored)
    add('outcomes.replayed', 'expected at most as many as stored, which they are among');
  const doneTo = done_rows === 0 ? 0 : chunk.first_row + done_rows;
  if (total_rows !== undefined && total_rows < doneTo)
    add('total_rows', `expected at least ${doneTo}, up to which rows are done`);
  return faults;
}

/** @throws ApiError `validation_failed` */
export function checkAck(chunk: ChunkRow, ack: AckRequest): void {
  const faults = listFaults(chunk, ack);
  if (faults.length > 0) throw toValidationError(faults);
}
