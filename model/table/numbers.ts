/** How numbers are written: which mark begins the decimals. The other one may group thousands. */
export type DecimalMark = '.' | ',';

export interface NumberFormat {
  decimal: DecimalMark;
  /** A number that could also be read with the other mark; undefined where the rows decide. */
  ambiguous: string | undefined;
  /** Whether there are numbers that can be read in one way only. */
  isProven: boolean;
}

/** Apostrophes and kinds of spaces that group thousands, whatever the decimal mark is. */
const otherGroups = String.raw`'’ \u00a0\u202f`;

const grouped = { '.': toGrouped(','), ',': toGrouped('.') };
const plain = {
  '.': /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  ',': /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/,
};

function toGrouped(mark: string): RegExp {
  const decimal = mark === ',' ? '\\.' : ',';
  return new RegExp(`^[+-]?[1-9]\\d{0,2}([${mark}${otherGroups}])\\d{3}(?:\\1\\d{3})*(?:${decimal}\\d*)?$`);
}

/** NaN for anything but a number within float64. Thousands may be grouped. */
export function parseNumber(text: string, decimal: DecimalMark = '.'): number {
  const value = parseFinite(text, decimal);
  return Number.isFinite(value) ? value : Number.NaN;
}

function parseFinite(text: string, decimal: DecimalMark): number {
  if (plain[decimal].test(text)) return Number(decimal === '.' ? text : text.replace(',', '.'));
  const unsigned = text.replace(/^\u2212/, '-');
  if (grouped[decimal].test(unsigned)) {
    const digits = unsigned.replace(decimal === '.' ? /[^\d.+-]/g : /[^\d,+-]/g, '');
    return Number(digits.replace(',', '.'));
  }
  return unsigned === text ? Number.NaN : parseFinite(unsigned, decimal);
}

/** Numbers that can be read in one way only: `23,4`, `0,125`, `1.234,5`, `1.234.567`. */
const proofs: Readonly<Record<DecimalMark, RegExp>> = {
  ',': /^(?:\d*,(?:\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})$/,
  '.': /^(?:\d*\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})$/,
};
const ambiguous = /^[1-9]\d{0,2}[.,]\d{3}$/;
const spacedGroups = new RegExp(`[${otherGroups}](?=\\d{3})`, 'g');

/**
 * Decides by the numbers of many rows, which may have units. Where none decides, the mark is `known`, of other columns; else a comma
 * begins decimals unless it is also the delimiter: `1,234` in a file with commas is a quoted number with thousands.
 */
export function detectNumberFormat(
  cells: Iterable<string>,
  delimiter: string,
  known?: DecimalMark,
): NumberFormat {
  const counts = { '.': 0, ',': 0 };
  const unclear: { '.'?: string; ','?: string } = {};
  for (const cell of cells) {
    const number = splitUnit(cell)
      .number.replace(/^[+\u2212-]|[eE][+-]?\d+$/g, '')
      .replace(spacedGroups, '');
    if (proofs['.'].test(number)) counts['.'] += 1;
    else if (proofs[','].test(number)) counts[','] += 1;
    else if (ambiguous.test(number)) unclear[number.includes(',') ? ',' : '.'] ??= number;
  }
  if (counts['.'] + counts[','] > 0)
    return { decimal: counts[','] > counts['.'] ? ',' : '.', ambiguous: undefined, isProven: true };
  // Decimals beside decimals of other columns are as usual as thousands are not.
  if (known) return { decimal: known, ambiguous: unclear[known === ',' ? '.' : ','], isProven: false };
  const decimal = unclear[','] !== undefined && delimiter !== ',' ? ',' : '.';
  const isUsual = delimiter === ',' && unclear[','] === undefined;
  return { decimal, ambiguous: isUsual ? undefined : (unclear[','] ?? unclear['.']), isProven: false };
}

/** In a file with semicolons, `1.234` may be 1234 as well. Undefined where the numbers leave no doubt. */
export function describeDoubt({ ambiguous }: NumberFormat, delimiter: string): string | undefined {
  if (delimiter !== ';' || !ambiguous?.includes('.')) return undefined;
  const digits = ambiguous.replace('.', '');
  return `has numbers that can be read in two ways, as ${JSON.stringify(ambiguous)}; --decimal point reads ${ambiguous}, --decimal comma ${digits}`;
}

const withUnit =
  /^([+-\u2212]?[\d.,'’ \u00a0\u202f]*\d[.,]?(?:[eE][+-]?\d+)?)[ \u00a0\u202f]*([^\d\s.,'’+-][^\d]{0,15})$/;

/** Splits `23.4 °C` into its number and its unit; without a unit, the number is the text. */
export function splitUnit(text: string): { number: string; unit: string } {
  const [, number = text, unit = ''] = withUnit.exec(text) ?? [];
  return { number, unit: unit.trim() };
}

export const defaultMissingMarks: readonly string[] = [
  '',
  ...'na n/a n.a. k.a. nan -nan nat null (null) none nil -- - --- – — . ? * ** *** **** *****'.split(' '),
  ...'#n/a #nv #value! #wert! #div/0! #ref! #bezug! #name? #num! #zahl! #null!'.split(' '),
  ...'inf +inf -inf infinity +infinity -infinity 1.#inf -1.#inf 1.#qnan -1.#qnan -1.#ind 1.#ind'.split(' '),
  ...['unavailable', 'unknown', 'missing', '<na>', '\\n', 'bad', 'no data', 'no_data', 'nodata'],
];

/** Whether a cell marks a missing value. Marks are compared in any case, and as numbers where they are numbers. */
export function createMissingTest(marks: readonly string[] = defaultMissingMarks) {
  const texts = new Set(marks.map((mark) => mark.toLowerCase()));
  const numbers = new Set(
    marks
      .filter((mark) => mark !== '')
      .map(Number)
      .filter(Number.isFinite),
  );
  return {
    isMissing: (cell: string): boolean => texts.has(cell) || texts.has(cell.toLowerCase()),
    /** For marks such as -9999. */
    isMissingNumber: (value: number): boolean => numbers.has(value),
  };
}
