import type { Readable } from 'node:stream';
import { fieldErrorSchema, predictionSchema, problemSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Outgoing, RowAnswer } from './outgoing.ts';
import { maxAnswerBytes, type PredictClient, parseBody } from './predict-client.ts';
import type { Reply } from './retry.ts';

const indexed = { index: z.int().nonnegative() };
const predictionLineSchema = predictionSchema.extend({ ...indexed, duplicate: z.boolean().optional() });
const lineSchema = z.union([
  predictionLineSchema,
  z.object({ ...indexed, errors: z.array(fieldErrorSchema) }),
  z.object({ ...indexed, problem: problemSchema }),
]);

/**
 * Sends rows, each of which the API answers with a line of its own. `onAnswer` is called in the order of the rows, as
 * their lines arrive. The reply has status 200 if every row is answered; otherwise the rows without an answer may or may
 * not be stored.
 */
export async function postNdjson(
  client: PredictClient,
  rows: readonly Outgoing[],
  onAnswer: (outgoing: Outgoing, answer: RowAnswer) => void,
): Promise<Reply> {
  try {
    const text = rows.map(({ reading }) => `${JSON.stringify(reading)}\n`).join('');
    const { head, body } = await client.postLines(text);
    if (head.status !== 200) return { ...head, body: parseBody(await body.text()) };
    let answered = 0;
    for await (const lines of splitLines(body)) {
      for (const line of lines) {
        const parsed = lineSchema.safeParse(parseBody(line)).data;
        if (parsed && 'problem' in parsed)
          return { ...head, status: parsed.problem.status, body: parsed.problem };
        if (parsed && parsed.index !== answered)
          return { ...head, body: toFault(`line ${answered} has the index ${parsed.index}`) };
        const outgoing = rows[answered];
        if (outgoing === undefined) return { ...head, body: toFault('more lines than rows') };
        onAnswer(outgoing, toRowAnswer(parsed, outgoing));
        answered += 1;
      }
    }
    const isComplete = answered === rows.length;
    return isComplete ? { ...head, body: null } : { unreachable: 'the answer ended before its last line' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return client.toUnreachable(error);
  }
}

/** Yields the lines that arrive together. */
async function* splitLines(body: Readable): AsyncGenerator<string[]> {
  let rest = '';
  body.setEncoding('utf8');
  for await (const text of body as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxAnswerBytes) throw new Error(`a line is longer than ${maxAnswerBytes} characters`);
    yield lines;
  }
}

/** A body that breaks the contract. With status 200, it is not retried. */
function toFault(fault: string) {
  return { fault };
}

function toRowAnswer(line: z.infer<typeof lineSchema> | undefined, outgoing: Outgoing): RowAnswer {
  if (line && 'errors' in line) return toRefusal(line.errors);
  if (!line || !('prediction' in line))
    return { outcome: 'unreadable', detail: 'answered with a line that breaks the contract' };
  const { index: _, duplicate = false, ...prediction } = line;
  if (prediction.id === outgoing.reading.id.toLowerCase())
    return { outcome: 'accepted', prediction, isDuplicate: duplicate };
  return { outcome: 'unreadable', detail: `answered with the id ${prediction.id}` };
}

/** Ids of the sender are well-formed, so a fault of an id means that another reading has it. */
export function toRefusal(errors: readonly z.infer<typeof fieldErrorSchema>[]): RowAnswer {
  const detail = errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
  const paths = errors.map(({ path }) => path);
  return { outcome: paths.includes('id') ? 'conflict' : 'rejected', detail, paths };
}
