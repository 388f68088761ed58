import { z } from 'zod';

type Described<Schema> = { schema: Schema; meaning: string };

/** `preset` is the default, as text. */
export function setting<Schema extends z.ZodType>(
  flag: string,
  preset: string,
  { schema, meaning }: Described<Schema>,
) {
  const variable = `SENDER_${flag.toUpperCase().replaceAll('-', '_')}`;
  return { variable, flag, preset, schema, meaning, isSwitch: false };
}

export function runSetting<Schema extends z.ZodType>(
  flag: string,
  preset: string | undefined,
  { schema, meaning }: Described<Schema>,
) {
  return { variable: undefined, flag, preset, schema, meaning, isSwitch: false };
}

/** A flag that takes no value. */
export function switchSetting(flag: string, meaning: string) {
  const schema = z.literal(true).optional().transform(Boolean);
  return { variable: undefined, flag, preset: undefined, schema, meaning, isSwitch: true };
}
