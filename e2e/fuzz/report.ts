import type { FuzzRequest } from './draw-request.ts';
import { type Rule, rules, type Violation } from './oracle.ts';

export interface FuzzReport {
  seed: number;
  sent: number;
  /** How many answers had each status. */
  statuses: Record<string, number>;
  /** Readings answered 200, and how many of them to the well-behaved clients. */
  stored: number;
  clientReadings: number;
  clientRetries: number;
  durationMs: number;
  /** Per rule that was broken, what shows it; empty when all is well. */
  broken: Record<string, string[]>;
  /** Where the API's log was left, if a rule was broken. */
  logs?: string;
}

export interface Findings {
  add: (violation: Violation, request?: FuzzRequest) => void;
  /** Per rule that was broken: one example of each kind, and how many there were. */
  broken: () => Record<string, string[]>;
}

const maxShown = 60;
const maxRequestLength = 1200;

/** The bytes of a request as a string literal. */
export function escapeRequest({ bytes }: FuzzRequest): string {
  const toEscape = (character: string) => `\\x${character.charCodeAt(0).toString(16)}`;
  return JSON.stringify(bytes.toString('latin1')).replace(/[\x7f-\xff]/g, toEscape);
}

function describe(request: FuzzRequest, seed: number): string {
  const { index, delivery, draft } = request;
  const text = escapeRequest(request);
  const isCut = text.length > maxRequestLength;
  const shown = isCut ? `${text.slice(0, maxRequestLength)}… (--only ${index} shows all)` : text;
  const changes = [delivery, ...(draft?.changes ?? []).map(({ name }) => name)].join('; ');
  return `seed ${seed}, request ${index} (${changes}): ${shown}`;
}

export function createFindings(seed: number): Findings {
  const found = new Map<Rule, Map<string, { text: string; count: number }>>();
  return {
    add({ rule, kind, answer }, request) {
      const kinds = found.get(rule) ?? new Map();
      found.set(rule, kinds);
      const lines = [kind, ...(answer ? [answer] : []), ...(request ? [describe(request, seed)] : [])];
      const { text, count } = kinds.get(kind) ?? { text: lines.join('\n    '), count: 0 };
      kinds.set(kind, { text, count: count + 1 });
    },
    broken() {
      const show = (kinds: ReadonlyMap<string, { text: string; count: number }>) => {
        const all = [...kinds.values()].map(({ text, count }) =>
          count > 1 ? `${count} times ${text}` : text,
        );
        const more = all.length > maxShown ? [`and ${all.length - maxShown} other kinds`] : [];
        return [...all.slice(0, maxShown), ...more];
      };
      return Object.fromEntries([...found].map(([rule, kinds]) => [rules[rule], show(kinds)]));
    },
  };
}

export function toSummary(report: FuzzReport): string {
  const { sent, statuses, stored, clientReadings, clientRetries, durationMs, broken, logs } = report;
  const counts = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  return [
    `${sent} requests in ${Math.round(durationMs / 1000)} s; answers: ${counts.join(', ')}`,
    `${stored} readings answered 200, ${clientReadings} of them to well-behaved clients, after ${clientRetries} retries`,
    ...Object.entries(broken).flatMap(([rule, texts]) => [
      `BROKEN: ${rule}`,
      ...texts.map((text) => `  ${text}`),
    ]),
    ...(logs === undefined ? [] : [`API log: ${logs}`]),
  ].join('\n');
}
