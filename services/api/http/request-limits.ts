import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AnswerProblem } from './answer-problem.ts';
import { toClientAddress } from './client-limit.ts';
import { ApiError } from './errors.ts';

/** Always answered: whoever watches the process must see it under load; a stream of events has a limit of its own. */
const unlimitedPaths = /^\/(livez|readyz|metrics|stream)(\?|$)/;

interface RequestLimitsOptions {
  maxRequests: number;
  /** From one address. */
  maxRequestsPerClient: number;
  /** How many proxies there are before this process. */
  trustProxy: number;
  answerProblem: AnswerProblem;
}

/** Lets a bounded number of requests be under way at once, in all and per client; others are refused at once. */
export function limitRequests(listener: RequestListener, options: RequestLimitsOptions): RequestListener {
  const byClient = new Map<string, number>();
  let requests = 0;

  function findRefusal(ofClient: number): ApiError | undefined {
    if (requests >= options.maxRequests) {
      const detail = `${requests} requests are under way already. Try again in a second.`;
      return new ApiError('overloaded', { detail });
    }
    if (ofClient < options.maxRequestsPerClient) return undefined;
    const detail = `${ofClient} requests of this client are under way already. Wait for their answers.`;
    return new ApiError('too_many_requests', { detail });
  }

  return (request: IncomingMessage, response: ServerResponse) => {
    if (unlimitedPaths.test(request.url ?? '')) return listener(request, response);
    const client = toClientAddress(request, options.trustProxy);
    const refusal = findRefusal(byClient.get(client) ?? 0);
    if (refusal) return options.answerProblem(refusal, request, response);
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
