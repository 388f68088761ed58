import type { FuzzRequest } from './draw-request.ts';
import { type Rule, rules, type Violation } from './oracle.ts';

const maxShown = 60;
const maxRequestLength = 1200;

export interface Notes {
  add: (violation: Violation, request?: FuzzRequest) => void;
  /** Per rule that does not hold: what shows it, one of each kind, with how many there were. */
  broken: () => Record<string, string[]>;
}

/** The bytes of a request as a string literal. */
export function escapeRequest({ bytes }: FuzzRequest): string {
  return JSON.stringify(bytes.toString('latin1')).replace(
    /[\x7f-\xff]/g,
    (one) => `\\x${one.charCodeAt(0).toString(16)}`,
  );
}

function describe({ index, delivery, draft, ...request }: FuzzRequest, seed: number): string {
  const escaped = escapeRequest({ index, delivery, draft, ...request });
  const cut =
    escaped.length > maxRequestLength
      ? `${escaped.slice(0, maxRequestLength)}… (--only ${index} shows all)`
      : escaped;
  const changes = [...request.faults.map(({ name }) => name), ...(draft?.oddities ?? [])];
  const odd = changes.length > 0 ? `, with ${changes.join('; ')}` : '';
  return `seed ${seed}, request ${index} (${delivery}${odd}): ${cut}`;
}

/** What was found wrong. Of each kind the first is kept. */
export function createNotes(seed: number): Notes {
  const found = new Map<Rule, Map<string, { text: string; count: number }>>();
  return {
    add({ rule, kind, answer }, request) {
      const kinds = found.get(rule) ?? new Map();
      found.set(rule, kinds);
      const known = kinds.get(kind);
      if (known) {
        known.count += 1;
        return;
      }
      const lines = [kind, ...(answer ? [answer] : []), ...(request ? [describe(request, seed)] : [])];
      kinds.set(kind, { text: lines.join('\n    '), count: 1 });
    },
    broken() {
      return Object.fromEntries(
        [...found].map(([rule, kinds]) => {
          const all = [...kinds.values()].map(({ text, count }) =>
            count > 1 ? `${count} times ${text}` : text,
          );
          const more = all.length > maxShown ? [`and ${all.length - maxShown} other kinds`] : [];
          return [rules[rule], [...all.slice(0, maxShown), ...more]];
        }),
      );
    },
  };
}
