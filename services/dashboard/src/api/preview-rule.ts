import {
  type RulePreview,
  type RulePreviewLine,
  rulePreviewLineSchema,
  type rulePreviewRequestSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { ApiError, toProblemError } from './api-error.ts';
import type { Requests } from './requests.ts';

/** A preview of millions of readings takes minutes. */
const timeoutMs = 600_000;

const progressEventSchema = z.object({ target: z.object({ responseText: z.string() }) });

interface PreviewOptions {
  signal: AbortSignal;
  /** Called with the share of the work that is done. */
  onProgress: (share: number) => void;
}

/** What a rule would have raised. The response is NDJSON: progress, and at last the preview. @throws ApiError */
export function createPreviewRule({ request }: Requests) {
  return async (
    data: z.input<typeof rulePreviewRequestSchema>,
    { signal, onProgress }: PreviewOptions,
  ): Promise<RulePreview> => {
    const answer = await request(
      {
        ...{ method: 'post', url: '/rules/preview', data, signal, timeout: timeoutMs },
        headers: { Accept: 'application/x-ndjson, application/problem+json' },
        onDownloadProgress: ({ event }) => {
          const text = progressEventSchema.safeParse(event).data?.target.responseText ?? '';
          const line = readLine(text.slice(0, text.lastIndexOf('\n') + 1));
          if (line !== undefined && 'progress' in line) onProgress(line.progress);
        },
      },
      z.unknown(),
    );
    const last = readLine(answer);
    if (last !== undefined && 'problem' in last) throw toProblemError(last.problem, undefined);
    if (last !== undefined && 'rule' in last) return last;
    throw new ApiError('The preview ended before it was complete.', { isAnswer: false, cause: answer });
  };
}

/** The last line of a response. A response of one line has been parsed as JSON already. */
function readLine(answer: unknown): RulePreviewLine | undefined {
  if (typeof answer !== 'string') return rulePreviewLineSchema.safeParse(answer).data;
  try {
    return rulePreviewLineSchema.safeParse(JSON.parse(answer.trimEnd().split('\n').at(-1) ?? '')).data;
  } catch {
    return undefined;
  }
}
