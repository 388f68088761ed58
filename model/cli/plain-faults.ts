import { z } from 'zod';

/** What files of a person must contain, in plain words instead of zod's own, as the contracts describe faults of requests. */
z.config({ customError: describeFault });

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  tuple: 'an array',
};

function describeFault(issue: Parameters<z.core.$ZodErrorMap>[0]): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'required';
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `expected at least ${toCount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `expected at most ${toCount(issue.maximum, issue.origin)}`;
    case 'unrecognized_keys':
      return `unknown field ${issue.keys.join(', ')}`;
    default:
      return 'not valid';
  }
}

/** `5`, or where entries are counted, `1 entry`. */
function toCount(limit: number | bigint, origin: string): string {
  if (origin !== 'array') return String(limit);
  return `${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
}
