import { z } from 'zod';

/** A fault that zod found, before it has a message. */
type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** Every process that imports the contracts has these messages, unless a schema gives its own. */
z.config({ customError: describeIssue });

/** What a value must be, in plain words: `required`, `expected a number, at most 500`. */
function describeIssue(issue: RawIssue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'required';
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns.get(issue.expected) ?? 'another type of value'}`;
    case 'invalid_value':
      return `expected ${joinChoices(issue.values.map((value) => toLiteral(value)))}`;
    case 'too_small':
      return `expected ${describeSize(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}`;
    case 'too_big':
      return `expected ${describeSize(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return `expected ${formats.get(issue.format) ?? 'another format'}`;
    case 'unrecognized_keys':
      return 'unknown field';
    case 'invalid_union':
      // Of a discriminated union: the discriminators.
      if (Array.isArray(issue.options))
        return `expected ${joinChoices(issue.options.map((value) => toLiteral(value)))}`;
      return joinAlternatives(issue.errors.flat().map(({ message }) => message));
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0]?.message ?? 'not valid';
    default:
      return 'not valid';
  }
}

const nouns: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['nan', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'an array'],
  ['tuple', 'an array'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
]);

const formats: ReadonlyMap<string, string> = new Map([
  ['url', 'a URL'],
  ['uuid', 'a UUID'],
  ['datetime', 'an ISO 8601 date and time'],
]);

/** What is counted, as one and as several. */
const counted: ReadonlyMap<string, readonly [one: string, several: string]> = new Map([
  ['string', ['character', 'characters']],
  ['array', ['entry', 'entries']],
]);

/** `at least 2 characters`, `a number, at most 5` */
function describeSize(origin: string, words: string, limit: number | bigint): string {
  const noun = counted.get(origin);
  if (noun === undefined) return `a number, ${words} ${limit}`;
  return `${words} ${limit} ${Number(limit) === 1 ? noun[0] : noun[1]}`;
}

function toLiteral(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** `["a", "b", "c"]` → `a, b or c` */
function joinChoices(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}

/** The faults of all alternatives: `expected a UUID or an array`. */
function joinAlternatives(messages: readonly string[]): string {
  const prefix = 'expected ';
  const expected = [...new Set(messages)].filter((message) => message.startsWith(prefix));
  if (expected.length === 0) return messages[0] ?? 'not valid';
  return prefix + joinChoices(expected.map((message) => message.slice(prefix.length)));
}

/** An issue as `path: message`, one text for each unknown field. */
export function toIssueTexts({ issues }: z.ZodError): string[] {
  return issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [key]) : [[]];
    return keys.map((key) => {
      const path = [...issue.path, ...key].join('.');
      return path === '' ? issue.message : `${path}: ${issue.message}`;
    });
  });
}
