import type { Rule, Violation } from './oracle.ts';
import type { FuzzRequest } from './request.ts';

/** Violations of each rule: one example of each kind, and how often it was found. */
export type Findings = Map<Rule, Map<string, { example: string; count: number }>>;

const maxLength = 1200;

/** The bytes of a request as a string literal. */
export function escapeRequest({ bytes }: FuzzRequest): string {
  const toEscape = (character: string) => `\\x${character.charCodeAt(0).toString(16)}`;
  return JSON.stringify(bytes.toString('latin1')).replace(/[\x7f-\xff]/g, toEscape);
}

export function addFinding(findings: Findings, [rule, kind]: Violation, example: string): void {
  const kinds = findings.get(rule) ?? new Map();
  findings.set(rule, kinds);
  const { count } = kinds.get(kind) ?? { count: 0 };
  kinds.set(kind, { example: kinds.get(kind)?.example ?? example, count: count + 1 });
}

/** A request and what came back, short. */
export function describe(request: FuzzRequest, answer: { status: number; body: string } | undefined): string {
  const text = escapeRequest(request);
  const shown = text.length > maxLength ? `${text.slice(0, maxLength)}… (FUZZ_ONLY shows all)` : text;
  const answered =
    answer === undefined ? '' : `\n    ${answer.status} ${JSON.stringify(answer.body.slice(0, 300))}`;
  return `request ${request.index} (${request.delivery}, ${request.verdict}): ${shown}${answered}`;
}

/** The violations of a rule. */
export function listFound(findings: Findings, rule: Rule): string[] {
  return [...(findings.get(rule) ?? [])].map(
    ([kind, { example, count }]) => `${count} × ${kind}\n    ${example}`,
  );
}
