import type { Route } from './routes.ts';

/** Something in a request that the API must refuse. */
export interface Fault {
  name: string;
  /** With what it is refused where it is the only fault; without these, with any status from 400 to 499. */
  statuses?: readonly number[];
}

/**
 * A request while it is drawn. A request without faults and oddities must be accepted, one with a fault must be
 * refused, and one with oddities only may be either.
 */
export interface Draft {
  route: Route;
  method: string;
  path: string;
  /** Encoded `name=value` pairs. */
  query: string[];
  httpVersion: string;
  headers: [name: string, value: string][];
  /** As it is sent: compressed and framed. */
  body: Buffer;
  faults: Fault[];
  /** Names of mutations that the API may accept or refuse. */
  oddities: string[];
  /** Whether its head alone may be refused before the API knows the path. */
  isRefusedEarly: boolean;
  /** Ids of readings that are valid, in the order of the body. */
  validIds: string[];
}

export function createDraft(route: Route, host: string): Draft {
  return {
    route,
    method: route.method,
    path: '/',
    query: [],
    httpVersion: 'HTTP/1.1',
    headers: [['Host', host]],
    body: Buffer.alloc(0),
    faults: [],
    oddities: [],
    isRefusedEarly: false,
    validIds: [],
  };
}

export function setHeader(draft: Draft, name: string, value: string): void {
  const isOther = ([given]: [string, string]) => given.toLowerCase() !== name.toLowerCase();
  draft.headers = [...draft.headers.filter(isOther), [name, value]];
}
