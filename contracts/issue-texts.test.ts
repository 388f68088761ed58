import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as contracts from './index.ts';

const { climateType, toIssueTexts } = contracts;

const predictQuery = contracts.createPredictQuerySchema(climateType);
const readingsQuery = contracts.createReadingsQuerySchema(climateType);
const reading = contracts.createReadingSchema(climateType);

function textsOf(schema: z.ZodType, input: unknown): string[] {
  const { error } = schema.safeParse(input);
  return error ? toIssueTexts(error) : [];
}

describe('toIssueTexts', () => {
  test.each<[string, z.ZodType, unknown, string[]]>([
    ['a missing parameter', predictQuery, { humidity: '5', sound_volume: '6' }, ['temperature: required']],
    ['a missing time', z.object({ at: contracts.timestampSchema }), {}, ['at: required']],
    ['a missing id', contracts.feedbackInputSchema, { label: 1 }, ['id: required']],
    ['a missing choice', z.object({ sort: z.enum(['a', 'b']) }), {}, ['sort: required']],
    ['a missing list', contracts.inferenceRequestSchema, {}, ['inputs: required']],
    ['another type', contracts.inferenceRequestSchema, { inputs: {} }, ['inputs: expected an array']],
    ['no body', contracts.leaseRequestSchema, null, ['expected an object']],
    [
      'an empty list',
      contracts.inferenceRequestSchema,
      { inputs: [] },
      ['inputs: expected at least 1 entry'],
    ],
    ['a limit', readingsQuery, { limit: '501' }, ['limit: expected a number, at most 500']],
    ['not whole', readingsQuery, { limit: '1.5' }, ['limit: expected a whole number']],
    ['a long text', readingsQuery, { cursor: 'x'.repeat(513) }, ['cursor: expected at most 512 characters']],
    ['another choice', readingsQuery, { order: 'up' }, ['order: expected "asc" or "desc"']],
    [
      'a literal',
      contracts.feedbackInputSchema,
      { id: crypto.randomUUID(), label: 2 },
      ['label: expected 0 or 1'],
    ],
    [
      'a flag',
      predictQuery,
      { explain: 'yes' },
      [
        'temperature: required',
        'humidity: required',
        'sound_volume: required',
        'explain: expected "true" or "false"',
      ],
    ],
    ['one of a list', contracts.feedbackQuerySchema, { id: 'x' }, ['id: expected a UUID']],
    ['not a URL', z.object({ url: z.url() }), { url: 'x' }, ['url: expected a URL']],
    [
      'unknown fields',
      contracts.timeWindowQuerySchema,
      { a: 1, b: 2 },
      ['a: unknown field', 'b: unknown field'],
    ],
    ['its own words', reading, { humidity: 101 }, ['humidity: expected a number from 0 to 100 %']],
  ])('says what is wrong with %s', (...[, schema, input, texts]) => {
    expect(textsOf(schema, input)).toEqual(texts);
  });

  const exported: [string, unknown][] = Object.entries(contracts);
  const schemas: [string, z.ZodType][] = [
    ...exported.flatMap(([name, value]): [string, z.ZodType][] =>
      value instanceof z.ZodType ? [[name, value]] : [],
    ),
    ['predictQuery', predictQuery],
    ['readingsQuery', readingsQuery],
    ['reading', reading],
  ];

  /** The words with which zod describes a fault. */
  const ownWords =
    /Invalid|received|undefined|Unrecognized|Too (big|small)|must (match|start|end|include|be)/;

  /** Values of other types, and objects with some of the keys that the contracts have. */
  const anything = fc.object({
    key: fc.constantFrom(
      'id',
      'inputs',
      'readings',
      'features',
      'outcomes',
      'label',
      'name',
      'sender',
      'file',
    ),
    values: [
      fc.constant(undefined),
      fc.constant(Number.NaN),
      fc.string({ maxLength: 3 }),
      fc.integer(),
      fc.boolean(),
    ],
  });

  test.each(schemas)('uses none of the words of zod for %s', (_name, schema) => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.anything()), (input) => {
        for (const text of textsOf(schema, input)) expect(text.replace(/^.*: /, '')).not.toMatch(ownWords);
      }),
      { numRuns: 50 },
    );
  });
});
