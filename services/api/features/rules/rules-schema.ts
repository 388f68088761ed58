import { rulesFileSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { suggestName } from './suggest-name.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of rules files, for editors. */
export function toRulesSchema(): Schema {
  return z.toJSONSchema(rulesFileSchema, { io: 'input' });
}

/** `unknown field (did you mean "keep_firing_for"?)`, or the fields that the object at this path of a rules file may have. */
export function describeUnknownField(file: unknown, path: readonly PropertyKey[]): string {
  let schema = toRulesSchema();
  let value = file;
  for (const key of path.slice(0, -1)) {
    value = Object(value)[key];
    schema = chooseVariant(findPart(schema, key), value);
  }
  const known = Object.keys(schema.properties ?? {});
  const suggestion = suggestName(String(path.at(-1)), known);
  return `unknown field${suggestion || `; the fields are ${known.join(', ')}`}`;
}

function findPart(schema: Schema, key: PropertyKey): Schema {
  const part = typeof key === 'number' ? schema.items : schema.properties?.[String(key)];
  return typeof part === 'object' && !Array.isArray(part) ? part : {};
}

/** The schema of a condition is that of its kind. */
function chooseVariant(schema: Schema, value: unknown): Schema {
  return schema.oneOf?.find((variant) => findPart(variant, 'kind').const === Object(value).kind) ?? schema;
}
