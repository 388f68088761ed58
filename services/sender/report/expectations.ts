import { z } from 'zod';
import { percentileNames } from '../load/latencies.ts';
import type { Summary } from './summary.ts';

type Comparison = (measured: number, bound: number) => boolean;
type Unit = '' | 'us' | 'ms' | 's' | '%' | '/s';
/** In milliseconds, rows, percent or rows per second; undefined if nothing was measured. */
type Measure = (summary: Summary) => number | undefined;
interface Figure {
  units: readonly Unit[];
  measure: (unit: Unit) => Measure;
}

export interface Expectation {
  text: string;
  isMet: Comparison;
  bound: number;
  unit: Unit;
  measure: Measure;
}
const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['<', (measured, bound) => measured < bound],
  ['<=', (measured, bound) => measured <= bound],
  ['>', (measured, bound) => measured > bound],
  ['>=', (measured, bound) => measured >= bound],
  ['=', (measured, bound) => measured === bound],
]);

const durationsMs: Partial<Record<Unit, number>> = { us: 0.001, ms: 1, s: 1000 };

/** A number of rows, or their share of the rows offered. */
function rowFigure(count: (summary: Summary) => number): Figure {
  const share = (summary: Summary) =>
    summary.offered > 0 ? (100 * count(summary)) / summary.offered : undefined;
  return { units: ['', '%'], measure: (unit) => (unit === '%' ? share : count) };
}

/** The number of answers 429 and 503, or their share of all attempts. */
const shed: Figure = {
  units: ['', '%'],
  measure: (unit) => (summary) => {
    const count = summary.shed_429 + summary.shed_503;
    const attempts = summary.requests + summary.retries;
    if (unit === '') return count;
    return attempts > 0 ? (100 * count) / attempts : undefined;
  },
};

type Times = 'latency_ms' | 'service_ms' | 'schedule_lag_ms';

function timeFigures(prefix: string, times: Times): [string, Figure][] {
  return percentileNames.map((name) => [
    `${prefix}${name.replace('_', '.')}`,
    { units: ['us', 'ms', 's'], measure: () => (summary) => summary[times]?.[name] },
  ]);
}

const figures: ReadonlyMap<string, Figure> = new Map([
  ...timeFigures('', 'latency_ms'),
  ...timeFigures('service.', 'service_ms'),
  ...timeFigures('lag.', 'schedule_lag_ms'),
  ['offered', rowFigure(({ offered }) => offered)],
  ['accepted', rowFigure(({ accepted }) => accepted)],
  ['lost', rowFigure(({ lost }) => lost)],
  ['dup', rowFigure(({ duplicates }) => duplicates)],
  ['dropped', rowFigure(({ dropped }) => dropped)],
  ['rejected', rowFigure(({ rejected }) => rejected)],
  ['conflicts', rowFigure(({ conflicts }) => conflicts)],
  ['unreadable', rowFigure(({ unreadable }) => unreadable)],
  ['unfinished', rowFigure(({ unfinished }) => unfinished)],
  ['garbage', rowFigure(({ garbage }) => garbage)],
  ['anomalies', rowFigure(({ anomalies }) => anomalies)],
  ['late', rowFigure(({ late_starts }) => late_starts)],
  ['bad', rowFigure(({ bad_rows }) => bad_rows)],
  ['retries', { units: [''], measure: () => (summary) => summary.retries }],
  ['shed', shed],
  ['rate', { units: ['', '/s'], measure: () => (summary) => summary.rows_per_second }],
]);

export const expectationNames: readonly string[] = [...figures.keys()];

/** Parses `p99<50ms, lost=0, shed<1%, rate>=1000/s`. */
export const expectationsSchema = z.string().transform((text, context): Expectation[] => {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) context.addIssue('expected a list as in p99<50ms,lost=0');
  return parts.flatMap((part) => {
    const parsed = parseExpectation(part);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue(parsed);
    return [];
  });
});

function parseExpectation(text: string): Expectation | string {
  const match = /^([a-z][a-z0-9.]*)\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(us|ms|s|%|\/s)?$/.exec(text);
  const named = JSON.stringify(text);
  const [, name = '', sign = '', number, given = ''] = match ?? [];
  const isMet = comparisons.get(sign);
  if (!isMet) return `${named}: expected a name, one of < <= > >= =, and a number, as in p99<50ms`;
  const figure = figures.get(name);
  if (!figure) return `${named}: no figure is named ${name}; expected one of ${expectationNames.join(' ')}`;
  const unit = figure.units.find((known) => known === given);
  if (unit === undefined) {
    const units = figure.units.map((known) => known || 'none').join(' or ');
    return `${named}: expected the unit ${units}, given ${given || 'none'}`;
  }
  const bound = Number(number) * (durationsMs[unit] ?? 1);
  return { text, isMet, bound, unit, measure: figure.measure(unit) };
}

/** The expectations that were not met, each with the measured value. */
export function findFailures(expectations: readonly Expectation[], summary: Summary): string[] {
  return expectations.flatMap(({ text, isMet, bound, unit, measure }) => {
    const measured = measure(summary);
    if (measured === undefined) return `expected ${text}, but nothing was measured`;
    if (isMet(measured, bound)) return [];
    const shown = `${Math.round(measured * 1000) / 1000}${durationsMs[unit] ? ' ms' : unit}`;
    return `expected ${text}, measured ${shown}`;
  });
}
