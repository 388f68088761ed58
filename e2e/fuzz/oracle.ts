import {
  batchAnswerSchema,
  type FieldError,
  fieldErrorSchema,
  inferenceErrorSchema,
  predictionAnswerSchema,
  predictionSchema,
  problemSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Answer } from './answers.ts';
import { isRefused } from './draft.ts';
import type { FuzzRequest } from './draw-request.ts';
import type { Delivered } from './wire.ts';

/** What must hold whatever is sent. */
export const rules = {
  alive: 'the API lives until the end, and SIGTERM then ends it with exit code 0',
  answered: 'every whole request gets an answer that is HTTP',
  failures: 'nothing is answered 5xx but 503, and no 503 names the database, which is available',
  retry: '429 and 503 have Retry-After',
  problems: 'every error has the documented format, with at most 20 errors',
  refused: 'what is invalid is refused',
  accepted: 'what is valid is accepted, and answered as documented',
  stored: 'every reading answered 200 is stored once, as answered, and no invalid one is stored',
  client: 'every request of a well-behaved client is answered 200',
} as const;

export type Rule = keyof typeof rules;

export interface Violation {
  rule: Rule;
  /** The same for violations that have the same cause, most likely. */
  kind: string;
  /** The answer that shows it. */
  answer?: string;
}

/** A reading that was answered 200. */
export type StoredAnswer = z.infer<typeof predictionSchema>;

export interface Judged {
  violations: readonly Violation[];
  stored: readonly StoredAnswer[];
}

const maxErrors = 20;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function show({ status, headers, body }: Answer): string {
  const start = JSON.stringify(body.toString('latin1').slice(0, 300));
  return `${status} ${headers.get('content-type') ?? 'without Content-Type'} ${start}`;
}

function toRouteName({ draft }: FuzzRequest): string {
  return draft === undefined ? 'several requests or garbage' : `${draft.method} ${draft.route.path}`;
}

function mediaType({ headers }: Answer): string | undefined {
  return headers.get('content-type')?.split(';')[0]?.trim();
}

/** What of an error differs from `docs/http.md`. */
function checkError(answer: Answer, request: FuzzRequest): string | undefined {
  const body = parseJson(answer.body.toString());
  const path = request.draft?.path ?? '';
  const isInference = /^\.?\/v2([/#]|$)/i.test(path);
  const isProblem = mediaType(answer) === 'application/problem+json';
  if (isInference && mediaType(answer) === 'application/json')
    return inferenceErrorSchema.safeParse(body).success ? undefined : 'not {"error": string}';
  // A request that is refused before its path is read gets a problem, whatever the path. A path that begins with a dot is
  // read only in absolute form, where the dot belongs to the host.
  const isRefusedEarly = request.draft?.isRefusedEarly || path.startsWith('.');
  if (isInference && !isRefusedEarly && isProblem) return 'problem+json below /v2';
  if (!isProblem) return `${answer.status} that is not application/problem+json`;
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return 'not a problem of the contract';
  if (problem.data.status !== answer.status) return `says status ${problem.data.status}`;
  return problem.data.errors.length > maxErrors ? 'a problem of too many errors' : undefined;
}

const lineSchema = z.union([
  z.strictObject({ index: z.int(), errors: z.array(fieldErrorSchema).min(1) }),
  z.strictObject({ index: z.int(), problem: problemSchema }),
  predictionSchema.extend({
    index: z.int(),
    duplicate: z.boolean().optional(),
    replayed: z.boolean().optional(),
  }),
]);

interface PredictAnswer {
  stored: StoredAnswer[];
  errors: readonly (readonly FieldError[])[];
}

/** @throws where a 200 to `POST /predict` is not as documented */
function readPredictAnswer(answer: Answer): PredictAnswer {
  const text = answer.body.toString();
  if (mediaType(answer) === 'application/x-ndjson') {
    const lines = text.split('\n').filter(Boolean);
    const parsed = lines.map((line) => lineSchema.parse(JSON.parse(line)));
    return {
      stored: parsed.flatMap((line) => ('id' in line ? [line] : [])),
      errors: parsed.flatMap((line) => ('errors' in line ? [line.errors] : [])),
    };
  }
  const body: unknown = JSON.parse(text);
  if (typeof body !== 'object' || body === null || !('results' in body))
    return { stored: [predictionAnswerSchema.parse(body)], errors: [] };
  const { results, rejected } = batchAnswerSchema.parse(body);
  return { stored: results, errors: rejected.map(({ errors }) => errors) };
}

/** Readings that an answer below 400 says are stored; `text` where it is not as documented. */
function checkAccepted(answer: Answer, { draft }: FuzzRequest): { text?: string; stored?: StoredAnswer[] } {
  if (draft === undefined || draft.method === 'HEAD' || answer.status !== 200) return {};
  try {
    if (draft.method === 'POST' && draft.route.body === 'reading') {
      const { stored, errors } = readPredictAnswer(answer);
      const isTooLong = errors.some(({ length }) => length > maxErrors);
      return { stored, ...(isTooLong && { text: 'a reading of too many errors' }) };
    }
    if (mediaType(answer) !== 'application/json') return {};
    const body: unknown = JSON.parse(answer.body.toString());
    if (draft.changes.length === 0) draft.route.schema?.parse(body);
    return {};
  } catch (error) {
    return { text: `not as documented: ${String(error).slice(0, 300)}` };
  }
}

/** Whether a request was accepted or refused as it should have been. */
function checkStatus({ status }: Answer, request: FuzzRequest): Violation | undefined {
  const { draft } = request;
  if (draft === undefined || status === 429 || status === 503) return undefined;
  const { changes, route } = draft;
  const [change, ...others] = changes;
  if (change === undefined) {
    if (status < 400 || route.refusals.includes(status)) return undefined;
    return { rule: 'accepted', kind: `${status} to a valid request for ${toRouteName(request)}` };
  }
  const names = changes.map(({ name }) => name).join('; ');
  if (isRefused(draft) && status < 400) return { rule: 'refused', kind: `${status} to ${names}` };
  const { expected } = change;
  if (others.length > 0 || expected === 'either' || expected.includes(status)) return undefined;
  return { rule: 'refused', kind: `${status} instead of ${expected.join(' or ')} to ${names}` };
}

function judgeAnswer(answer: Answer, request: FuzzRequest, method: string | undefined): Judged {
  const violations: Violation[] = [];
  const report = (rule: Rule, text: string | undefined) => {
    if (text !== undefined) violations.push({ rule, kind: text, answer: show(answer) });
  };
  const { status, headers } = answer;
  if (status >= 500 && status !== 503) report('failures', `${status} at ${toRouteName(request)}`);
  if (status === 503 && answer.body.includes('database_unavailable'))
    report('failures', `database_unavailable at ${toRouteName(request)}`);
  const hasRetryAfter = /^[1-9]\d*$/.test(headers.get('retry-after') ?? '');
  if ((status === 429 || status === 503) && !hasRetryAfter) report('retry', 'no Retry-After');
  if (status >= 400 && method !== 'HEAD') report('problems', checkError(answer, request));
  const misjudged = checkStatus(answer, request);
  if (misjudged) report(misjudged.rule, misjudged.kind);
  const { text, stored = [] } = status < 400 ? checkAccepted(answer, request) : {};
  report('accepted', text);
  return { violations, stored };
}

/**
 * Judges what came back. Only garbage, and requests whose client has left, may get no answer at all: both have no
 * methods that are waited for.
 */
export function judge({ answers, fault }: Delivered, request: FuzzRequest): Judged {
  const judged = answers.map((answer, at) => judgeAnswer(answer, request, request.methods[at]));
  const unanswered: Violation[] =
    fault === undefined ? [] : [{ rule: 'answered', kind: `${toRouteName(request)}: ${fault}` }];
  return {
    violations: [...unanswered, ...judged.flatMap(({ violations }) => violations)],
    stored: judged.flatMap(({ stored }) => stored),
  };
}
