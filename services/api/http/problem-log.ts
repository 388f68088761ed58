import type { IncomingMessage } from 'node:http';
import { escapeUnsafe } from '@sensor-sentinel/contracts';
import type { Logger } from 'pino';
import { type ApiError, problems } from './errors.ts';

const windowMs = 1000;

export type LogProblem = (error: ApiError, request: IncomingMessage) => void;

/** The path of the request without its query. `originalUrl` is preferred, because Express routers shorten `url`. */
export function toPath(request: IncomingMessage): string {
  const url = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');
  return url.split('?', 1)[0] ?? '';
}

/**
 * Logs server errors (status 500 and above). The first error of a kind is logged immediately; further ones are counted
 * and logged as one line per second, so that an outage does not fill the disk.
 */
export function createProblemLog(log: Logger): LogProblem {
  const repeated = new Map<string, number>();

  function summarize(kind: string, fields: object): void {
    const count = repeated.get(kind) ?? 0;
    repeated.delete(kind);
    if (count === 0) return;
    log.warn({ ...fields, count }, 'repeated errors');
    watch(kind, fields);
  }

  function watch(kind: string, fields: object): void {
    repeated.set(kind, 0);
    setTimeout(() => summarize(kind, fields), windowMs).unref();
  }

  return (error, request) => {
    const { status, title } = problems[error.code];
    if (status < 500) return;
    const kind = toKind(error);
    const count = repeated.get(kind);
    if (count !== undefined) {
      repeated.set(kind, count + 1);
      return;
    }
    const fields = { code: error.code, method: request.method, path: escapeUnsafe(toPath(request)) };
    log[status === 500 ? 'error' : 'warn']({ ...fields, ...toFields(error) }, title);
    watch(kind, fields);
  };
}

/** Groups errors by their code and the code or name of their cause; the messages may differ. */
function toKind({ code, cause }: ApiError): string {
  if (!(cause instanceof Error)) return code;
  return `${code} ${'code' in cause ? String(cause.code) : cause.name}`;
}

/** The log fields of an error. Only internal errors include a stack. */
function toFields(error: ApiError): object {
  const { code, message, cause } = error;
  if (problems[code].status === 500) return { err: cause ?? error };
  return { detail: message, ...(cause instanceof Error && { cause: escapeUnsafe(cause.message) }) };
}
