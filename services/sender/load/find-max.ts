import type { Report } from './measures.ts';

const growth = 1.5;
/** The bisection ends when the lowest bad rate is at most this many times the highest good rate. */
const closeEnough = 1.05;
const shrinkage = 0.95;
const maxHolds = 5;
const minStepMs = 5000;
const maxStepMs = 20_000;
/** So that 20 rows are slower than the 99th percentile. */
const rowsPerStep = 2000;

export interface Limits {
  p99Ms: number;
  /** The highest share of attempts answered 429 or 503, and of rows dropped: from 0 to 1. */
  shedShare: number;
}

interface Search {
  /** Offers rows at a rate for a time, dropping those that are late, and resolves once all are settled. */
  send: (rowsPerSecond: number, durationMs: number) => Promise<Report>;
  startRate: number;
  limits: Limits;
  holdMs: number;
  log: (line: string) => void;
  stop: AbortSignal;
}

export interface MaxFound {
  /** Null if no rate was held. */
  heldRate: number | null;
  held: Report | null;
  /** The limit that the next higher rate broke; null if none did. */
  limitedBy: string | null;
  senderLimit: string | null;
}

interface Step {
  rate: number;
  report: Report;
  fault: string | null;
}

/**
 * Searches the highest rate that breaks no limit for `holdMs`: ramps up until a limit breaks, bisects, and holds the
 * result. A step that breaks a limit is repeated once, as something else may have been busy.
 */
export async function findMax(search: Search): Promise<MaxFound> {
  const { startRate, holdMs, stop } = search;
  const steps: Step[] = [];

  /** Between the highest good rate and the lowest bad rate so far. */
  function toNextRate(): number | undefined {
    const good = findHighest(steps)?.rate;
    const bad = findLowest(steps)?.rate;
    if (bad === undefined) return toWhole(good === undefined ? startRate : good * growth);
    if (good === undefined) return bad > 1 ? toWhole(bad / growth) : undefined;
    const between = toWhole(Math.sqrt(good * bad));
    return bad / good > closeEnough && between !== good && between !== bad ? between : undefined;
  }

  for (let rate = toNextRate(); rate !== undefined && !stop.aborted; rate = toNextRate()) {
    const length = { durationMs: toStepMs(rate), what: 'step' };
    let step = await runStep(rate, length, search);
    if (step.fault !== null && !stop.aborted) step = await runStep(rate, length, search);
    steps.push(step);
  }
  let rate = findHighest(steps)?.rate;
  for (let holds = 0; rate !== undefined && holds < maxHolds && !stop.aborted; holds += 1) {
    const held = await runStep(rate, { durationMs: holdMs, what: 'hold' }, search);
    steps.push(held);
    if (held.fault === null && !stop.aborted) return toFound(held, steps);
    rate = toWhole(rate * shrinkage);
  }
  return toFound(undefined, steps);
}

async function runStep(
  rate: number,
  { durationMs, what }: { durationMs: number; what: string },
  { send, limits, log }: Search,
): Promise<Step> {
  const report = await send(rate, durationMs);
  const step = { rate, report, fault: findFault(report, limits) };
  log(`${what}: ${rate} rows/s for ${Math.round(durationMs / 1000)} s: ${describe(step)}`);
  return step;
}

function toWhole(rate: number): number {
  return Math.max(1, Math.round(rate));
}

function toStepMs(rowsPerSecond: number): number {
  return Math.min(maxStepMs, Math.max(minStepMs, (rowsPerStep * 1000) / rowsPerSecond));
}

/** A rate is bad as soon as it has broken a limit once. */
function findLowest(steps: readonly Step[]): Step | undefined {
  const bad = steps.filter(({ fault }) => fault !== null);
  return bad.toSorted((a, b) => a.rate - b.rate)[0];
}

function findHighest(steps: readonly Step[]): Step | undefined {
  const limit = findLowest(steps)?.rate ?? Number.POSITIVE_INFINITY;
  const good = steps.filter(({ fault, rate }) => fault === null && rate < limit);
  return good.toSorted((a, b) => b.rate - a.rate)[0];
}

function findFault(report: Report, { p99Ms, shedShare }: Limits): string | null {
  const { offered, dropped, requests, retries, shed_429, shed_503, latency_ms } = report;
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  const shed = share(shed_429 + shed_503, requests + retries);
  const left = share(dropped, offered);
  if (latency_ms === null) return 'no row was accepted';
  if (shed > shedShare) return `${toPercent(shed)} answered 429 or 503`;
  if (left > shedShare) return `${toPercent(left)} dropped`;
  if (latency_ms.p99 > p99Ms) return `p99 ${latency_ms.p99.toFixed(1)} ms`;
  return null;
}

function toPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function describe({ report, fault }: Step): string {
  const p99 = report.latency_ms ? `p99 ${report.latency_ms.p99.toFixed(1)} ms` : 'no answer';
  const judged = fault === null ? 'held' : `limit broken: ${fault}`;
  const limit = report.sender_limit === null ? '' : `; ${report.sender_limit}`;
  return `${Math.round(report.rows_per_second)} accepted/s, ${p99}, ${judged}${limit}`;
}

function toFound(held: Step | undefined, steps: readonly Step[]): MaxFound {
  const bad = findLowest(steps);
  return {
    heldRate: held?.rate ?? null,
    held: held?.report ?? null,
    limitedBy: bad?.fault ?? null,
    senderLimit: bad?.report.sender_limit ?? held?.report.sender_limit ?? null,
  };
}
