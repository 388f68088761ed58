import type { Model } from '@sensor-sentinel/contracts';

const titles: ReadonlyMap<string, string> = new Map([
  ['standard', 'Standard'],
  ['min-max', 'Min-max'],
  ['robust', 'Robust'],
  ['max-abs', 'Max-abs'],
  ['none', 'None'],
]);

export function toScalerTitle({ kind }: Model['scaler']): string {
  return titles.get(kind) ?? kind;
}

export interface ScalerColumn {
  name: string;
  values: number[];
}

function isNumberList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

/** The scaler parameters that have one value per feature. */
export function toScalerColumns(scaler: Model['scaler'], featureCount: number): ScalerColumn[] {
  return Object.entries(scaler).flatMap(([name, values]) =>
    name !== 'feature_range' && isNumberList(values) && values.length === featureCount
      ? [{ name: name.replaceAll('_', ' '), values }]
      : [],
  );
}
