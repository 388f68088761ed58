import {
  batchAnswerSchema,
  fieldErrorSchema,
  inferenceErrorSchema,
  predictionAnswerSchema,
  predictionSchema,
  problemSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Answer, Delivered } from './deliver.ts';
import type { FuzzRequest } from './request.ts';

/** What must hold whatever is sent. */
export const rules = {
  alive: 'the API lives until the end, and SIGTERM then ends it with exit code 0',
  answered: 'every whole request gets an answer that is HTTP',
  failures: 'nothing is answered 5xx but 503, and no 503 names the database, which is available',
  retry: '429 and 503 have Retry-After',
  problems: 'every error has the documented format, with at most 20 errors',
  wording:
    'no error has the words of a library, such as `Invalid input: expected string, received undefined`',
  quoting: 'no error has control characters or bidirectional controls, which the request may have',
  refused: 'what is invalid is refused',
  accepted: 'what is valid is accepted, and answered as documented',
  stored: 'every reading answered 200 is stored once, as answered, and no invalid or refused one is stored',
  client: 'every request of a well-behaved client is answered 200',
} as const;

export type Rule = keyof typeof rules;

/** The rules that an answer breaks, with what shows it: the same text for the same cause, most likely. */
export type Violation = readonly [Rule, kind: string];

/** A reading that was answered 200. */
export type StoredAnswer = z.infer<typeof predictionSchema>;

const maxErrors = 20;

const controls = /[\p{Cc}\p{Bidi_Control}]/u;

/** How zod begins the description of a fault. */
const libraryWords = /Invalid (input|option|string|number|key|value)\b|Unrecognized key|Too (big|small):/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What of an error differs from `docs/http.md`. */
function checkError({ status, headers, body }: Answer, path: string): string | undefined {
  const type = headers['content-type']?.split(';')[0];
  const parsed = parseJson(body);
  // Below /v2, a request that is refused before its path is read gets a problem all the same.
  const isInference = /^\/v2\b/i.test(path) && type === 'application/json';
  if (isInference)
    return inferenceErrorSchema.safeParse(parsed).success ? undefined : 'not {"error": string}';
  if (type !== 'application/problem+json') return `${status} that is not application/problem+json`;
  const problem = problemSchema.safeParse(parsed);
  if (!problem.success) return 'not a problem of the contract';
  if (problem.data.status !== status) return `says status ${problem.data.status}`;
  return problem.data.errors.length > maxErrors ? 'a problem of too many errors' : undefined;
}

const fieldErrorsSchema = z.array(fieldErrorSchema).min(1).max(maxErrors);
const lineSchema = z.union([
  z.strictObject({ index: z.int(), errors: fieldErrorsSchema }),
  z.strictObject({ index: z.int(), problem: problemSchema }),
  predictionSchema.extend({
    index: z.int(),
    duplicate: z.boolean().optional(),
    replayed: z.boolean().optional(),
  }),
]);

/** The readings that a 200 to `POST /predict` says are stored. @throws where it is not as documented */
function readStored({ headers, body }: Answer): StoredAnswer[] {
  if (headers['content-type']?.startsWith('application/x-ndjson')) {
    const lines = body.split('\n').filter(Boolean);
    const parsed = lines.map((line) => lineSchema.parse(JSON.parse(line)));
    return parsed.flatMap((line) => ('id' in line ? [line] : []));
  }
  const parsed = z.union([batchAnswerSchema, predictionAnswerSchema]).parse(JSON.parse(body));
  return 'results' in parsed ? parsed.results : [parsed];
}

/** @throws where a 200 is not as documented */
function readAccepted(answer: Answer, { method, route }: FuzzRequest): StoredAnswer[] {
  if (answer.status !== 200 || method === 'HEAD') return [];
  if (route?.body === 'reading') return readStored(answer);
  if (answer.headers['content-type']?.startsWith('application/json'))
    route?.schema?.parse(JSON.parse(answer.body));
  return [];
}

export interface Judged {
  violations: Violation[];
  stored: readonly StoredAnswer[];
  /** Ids of readings that must not be stored, as far as this request says. */
  refusedIds: readonly string[];
}

/** Judges what came back. */
export function judge({ answer, fault }: Delivered, request: FuzzRequest): Judged {
  const { method, path, route, verdict, readings, isNdjson } = request;
  const name = route === undefined ? 'several requests or garbage' : `${method} ${route.path}`;
  const violations: Violation[] = fault === undefined ? [] : [['answered', `${name}: ${fault}`]];
  const invalid = readings.filter((reading) => reading.verdict === 'invalid');
  const refusedIds = invalid.flatMap(({ id }) => id ?? []);
  if (answer === undefined) return { violations, stored: [], refusedIds };
  const { status, headers, body } = answer;
  if (status >= 500 && status !== 503) violations.push(['failures', `${status} at ${name}`]);
  if (status === 503 && body.includes('database_unavailable'))
    violations.push(['failures', `database_unavailable at ${name}`]);
  const isBusy = status === 429 || status === 503;
  if (isBusy && !/^[1-9]\d*$/.test(headers['retry-after'] ?? ''))
    violations.push(['retry', 'no Retry-After']);
  if (status >= 400) {
    const difference = method === 'HEAD' ? undefined : checkError(answer, path);
    if (difference) violations.push(['problems', difference]);
    const words = libraryWords.exec(body);
    if (words !== null) violations.push(['wording', `"${words[0]}" at ${name}`]);
    if (controls.test(body)) violations.push(['quoting', name]);
    const isRefusal = verdict !== 'valid' || route?.refusals.includes(status) || isBusy;
    if (!isRefusal) violations.push(['accepted', `${status} to a valid request for ${name}`]);
    // A stream may break off after some of its lines, and a shared id may have been stored before.
    const isWhole = !isNdjson && status < 500;
    const others = isWhole ? readings.filter((reading) => reading.verdict === 'valid') : [];
    return { violations, stored: [], refusedIds: [...refusedIds, ...others.flatMap(({ id }) => id ?? [])] };
  }
  if (verdict === 'invalid') violations.push(['refused', `${status} to an invalid request for ${name}`]);
  try {
    return { violations, stored: readAccepted(answer, request), refusedIds };
  } catch (error) {
    violations.push(['accepted', `${name}: not as documented: ${String(error).slice(0, 300)}`]);
    return { violations, stored: [], refusedIds };
  }
}
