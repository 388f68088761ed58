import type { ServerResponse } from 'node:http';
import type { BatchAnswer } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import { maxFieldErrors, toValidationError } from '../../http/parse-request.ts';
import { sendJson } from '../../http/send-json.ts';
import { checkRow, ingestRows, type RowAnswer } from './ingest-rows.ts';
import type { PredictOptions } from './predict-options.ts';

/** Every rejected row has its first error; all others together are bounded. */
function toBatchAnswer(rows: readonly RowAnswer[]): BatchAnswer {
  const rejected: BatchAnswer['rejected'] = [];
  const results: BatchAnswer['results'] = [];
  let errorsLeft = maxFieldErrors;
  for (const [index, row] of rows.entries()) {
    if (row.errors) {
      const errors = row.errors.slice(0, Math.max(1, errorsLeft));
      errorsLeft -= errors.length;
      rejected.push({ index, errors });
    } else results.push({ index, ...row });
  }
  return { accepted: results.length, rejected, results };
}

function toBatchError({ rejected }: BatchAnswer): ApiError {
  return toValidationError(
    rejected.flatMap(({ index, errors }) =>
      errors.map(({ path, message }) => ({ path: path ? `[${index}].${path}` : `[${index}]`, message })),
    ),
  );
}

/** Answers an array: each row is stored or refused on its own. */
export async function predictBatch(
  bodies: readonly unknown[],
  options: PredictOptions,
  response: ServerResponse,
): Promise<void> {
  const { maxBatchReadings } = options;
  if (bodies.length === 0) throw toValidationError([{ path: '', message: 'expected at least one reading' }]);
  if (bodies.length > maxBatchReadings) {
    const detail = `expected an array of at most ${maxBatchReadings} readings, not ${bodies.length}; NDJSON has no limit`;
    throw new ApiError('body_too_large', { detail });
  }
  const answer = toBatchAnswer(
    await ingestRows(
      bodies.map((body) => checkRow(body, options)),
      options,
    ),
  );
  if (answer.accepted === 0) throw toBatchError(answer);
  sendJson(response, answer);
}
