import { parse } from 'csv-parse/sync';

/** @throws Error naming the flag, its value and the choices */
export function parseChoice<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new Error(`${flag} "${text}": expected ${toList(choices)}`);
  return found;
}

/** Parses names separated by commas. Repeated names count once; the result has the order of `choices`. */
export function parseChoices<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice[] {
  const chosen = splitNames(text).map((name) => parseChoice(flag, name, choices));
  return choices.filter((choice) => chosen.includes(choice));
}

/** Names separated by commas; a name in double quotes may contain some. Undefined for a flag that is left out. */
export function parseNames(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : splitNames(text);
}

function splitNames(text: string): string[] {
  const [names] = parse(text, { trim: true, relax_quotes: true, skip_empty_lines: false });
  return names ?? [''];
}

function toList(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

/** @throws Error naming the flag, its value and the range */
export function parseInteger(flag: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new Error(`${flag} "${text}": expected a whole number from ${min} to ${max}`);
  }
  return value;
}
