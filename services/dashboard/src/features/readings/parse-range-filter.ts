export interface RangeText {
  min: string;
  max: string;
}

export interface RangeFilterResult {
  min: number | undefined;
  max: number | undefined;
  errors: { min?: string; max?: string };
}

const numberPattern = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

function parseBound(text: string): number | undefined | null {
  const trimmed = text.trim().replace('−', '-');
  if (trimmed === '') return undefined;
  if (!numberPattern.test(trimmed)) return null;
  const value = Number(trimmed.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

/** Parses the typed bounds of a range; an empty field is no bound. */
export function parseRangeFilter({ min, max }: RangeText): RangeFilterResult {
  const [lower, upper] = [parseBound(min), parseBound(max)];
  const errors: RangeFilterResult['errors'] = {};
  if (lower === null) errors.min = 'Minimum is not a number. Filter not applied.';
  if (upper === null) errors.max = 'Maximum is not a number. Filter not applied.';
  if (typeof lower === 'number' && typeof upper === 'number' && lower > upper) {
    errors.max = 'Maximum is below minimum. Filter not applied.';
  }
  return { min: lower ?? undefined, max: upper ?? undefined, errors };
}

export function hasErrors({ errors }: RangeFilterResult): boolean {
  return errors.min !== undefined || errors.max !== undefined;
}
