import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AnswerProblem } from './answer-problem.ts';
import { toClientAddress } from './client-limit.ts';
import { ApiError } from './errors.ts';

/** Exempt: monitoring must work under load, and event streams have their own limit. */
const unlimitedPaths = /^\/(livez|readyz|metrics|stream)(\?|$)/;

interface RequestLimitsOptions {
  maxRequests: number;
  /** Per client address. */
  maxRequestsPerClient: number;
  /** Number of trusted proxies in front of this process. */
  trustProxy: number;
  answerProblem: AnswerProblem;
}

/** Limits the requests in progress, in total and per client. Excess requests are rejected immediately. */
export function limitRequests(listener: RequestListener, options: RequestLimitsOptions): RequestListener {
  const byClient = new Map<string, number>();
  let requests = 0;

  function findRejection(ofClient: number): ApiError | undefined {
    if (requests >= options.maxRequests) {
      const detail = `${requests} requests are already in progress. Try again in a second.`;
      return new ApiError('overloaded', { detail });
    }
    if (ofClient < options.maxRequestsPerClient) return undefined;
    const detail = `This client already has ${ofClient} requests in progress. Wait for their responses.`;
    return new ApiError('too_many_requests', { detail });
  }

  return (request: IncomingMessage, response: ServerResponse) => {
    if (unlimitedPaths.test(request.url ?? '')) return listener(request, response);
    const client = toClientAddress(request, options.trustProxy);
    const rejection = findRejection(byClient.get(client) ?? 0);
    if (rejection) return options.answerProblem(rejection, request, response);
    requests += 1;
    byClient.set(client, (byClient.get(client) ?? 0) + 1);
    response.once('close', () => {
      requests -= 1;
      const left = (byClient.get(client) ?? 1) - 1;
      if (left > 0) byClient.set(client, left);
      else byClient.delete(client);
    });
    return listener(request, response);
  };
}
