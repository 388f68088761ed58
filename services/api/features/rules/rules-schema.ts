import { rulesFileSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { suggestName } from './suggest-name.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of rules files, for editors. */
export function toRulesSchema(): Schema {
  return z.toJSONSchema(rulesFileSchema, { io: 'input' });
}

/** Names the fields that an object of a rules file may have. */
export function createFieldAdvisor(file: unknown) {
  const root = toRulesSchema();
  /** `unknown field (did you mean "keep_firing_for"?)`, or all fields. The last part of the path is the unknown one. */
  return (path: readonly PropertyKey[]): string => {
    let schema = root;
    let value = file;
    for (const key of path.slice(0, -1)) {
      value = Object(value)[key];
      schema = chooseVariant(findPart(schema, key), value);
    }
    const known = Object.keys(schema.properties ?? {});
    const suggestion = suggestName(String(path.at(-1)), known);
    return `unknown field${suggestion || `; the fields are ${known.join(', ')}`}`;
  };
}

function findPart(schema: Schema, key: PropertyKey): Schema {
  const part = typeof key === 'number' ? schema.items : schema.properties?.[String(key)];
  return typeof part === 'object' && !Array.isArray(part) ? part : {};
}

/** The schema of a condition is that of its kind. */
function chooseVariant(schema: Schema, value: unknown): Schema {
  return schema.oneOf?.find((variant) => findPart(variant, 'kind').const === Object(value).kind) ?? schema;
}
