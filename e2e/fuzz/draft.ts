import type { Random } from '../testing/random.ts';
import type { Route } from './routes.ts';

/** The statuses with which a change must be refused; `either` where the API may accept or refuse it. */
export type Expected = 'either' | readonly number[];

export interface Change {
  name: string;
  expected: Expected;
}

/** A request while it is drawn. Without changes it is valid, and must be accepted. */
export interface Draft {
  index: number;
  route: Route;
  method: string;
  path: string;
  /** Encoded `name=value` pairs. */
  query: string[];
  version: string;
  headers: [name: string, value: string][];
  /** As sent: compressed and framed. */
  body: Buffer;
  changes: Change[];
  /** Whether the API may refuse the head before it looks at the path. */
  isRefusedEarly: boolean;
}

type Expectation = 'accepted' | Expected;

/** One row of a table of mutations. */
export interface Mutation {
  name: string;
  expected: Expectation | ((draft: Draft) => Expectation);
  isEarly?: boolean;
  apply: (draft: Draft, random: Random) => void;
}

export function mutate(draft: Draft, { name, expected, isEarly, apply }: Mutation, random: Random): void {
  const expectation = typeof expected === 'function' ? expected(draft) : expected;
  apply(draft, random);
  if (expectation !== 'accepted') draft.changes.push({ name, expected: expectation });
  if (isEarly) draft.isRefusedEarly = true;
}

/** Whether something in the request must be refused. */
export function isRefused({ changes }: Pick<Draft, 'changes'>): boolean {
  return changes.some(({ expected }) => expected !== 'either');
}

export function setHeader(draft: Draft, name: string, value: string): void {
  const isOther = ([given]: [string, string]) => given.toLowerCase() !== name.toLowerCase();
  draft.headers = [...draft.headers.filter(isOther), [name, value]];
}
