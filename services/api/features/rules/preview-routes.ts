import { type RulePreviewLine, rulePreviewRequestSchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { toApiError, toProblem } from '../../http/answer-problem.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { jsonBody, refuseMethod } from '../../http/routes.ts';
import { createWorkLimit } from '../../http/work-limit.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { createPreviewRule } from './preview/preview-rule.ts';

const maxWaiting = 4;
const progressIntervalMs = 500;
const ndjson = 'application/x-ndjson';

interface PreviewRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  now: () => Date;
  maxBodyBytes: number;
  maxPreviewReadings: number;
  maxKeptPreviewReadings: number;
  maxClockSkewMs: number;
}

/**
 * `POST /rules/preview`: what a rule would have raised over stored readings. Must be in front of a route for `/rules/:name`. One
 * preview runs at a time, since it takes the time of a whole processor.
 */
export function createRulePreviewRoutes(options: PreviewRoutesOptions): Router {
  const { types, pool, now, maxBodyBytes } = options;
  const previewing = createWorkLimit({ what: 'previews', concurrency: 1, maxWaiting });
  const previewRule = createPreviewRule({
    pool,
    now,
    maxReadings: options.maxPreviewReadings,
    maxKeptReadings: options.maxKeptPreviewReadings,
    maxClockSkewMs: options.maxClockSkewMs,
  });

  async function answer(request: Request, response: Response): Promise<void> {
    const asked = parseRequest(rulePreviewRequestSchema, request.body);
    const type = await types.require(asked.rule.type);
    const preview = { type, request: asked, signal: toSignal(response) };
    response.vary('Accept');
    if (request.accepts(['application/json', ndjson]) !== ndjson) {
      response.json(await previewing(() => previewRule(preview)));
      return;
    }
    const lines = createLineWriter(response);
    try {
      lines.write(await previewing(() => previewRule({ ...preview, onProgress: lines.writeSometimes })));
    } catch (error) {
      if (!response.headersSent) throw error;
      lines.write({ problem: toProblem(toApiError(error)) });
    }
    response.end();
  }

  const router = Router();
  router
    .route('/rules/preview')
    .post(jsonBody(maxBodyBytes), (request, response) =>
      answer(request, response).catch((error: unknown) => {
        if (!response.destroyed) throw error;
      }),
    )
    .all(refuseMethod('POST'));
  return router;
}

/** Aborted when the client disconnects. */
function toSignal(response: Response): AbortSignal {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return closed.signal;
}

/** The status is sent with the first line. */
function createLineWriter(response: Response) {
  let writtenMs = -Infinity;

  function write(line: RulePreviewLine): void {
    if (response.destroyed) return;
    if (!response.headersSent) response.set({ 'Content-Type': ndjson, 'X-Accel-Buffering': 'no' });
    response.write(`${JSON.stringify(line)}\n`);
  }

  return {
    write,
    /** Leaves out lines that follow too closely. */
    writeSometimes(line: RulePreviewLine): void {
      if (performance.now() - writtenMs < progressIntervalMs) return;
      writtenMs = performance.now();
      write(line);
    },
  };
}
