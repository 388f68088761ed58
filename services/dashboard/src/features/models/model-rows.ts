import type { Model, Models } from '@sensor-sentinel/contracts';

export type LoadedModel = Models['models'][number];

export type ModelState = 'serving' | 'previous' | 'ready' | 'unfit';

export interface ModelRow {
  model: LoadedModel;
  state: ModelState;
}

const stateOrder: readonly ModelState[] = ['serving', 'previous', 'ready', 'unfit'];

function toState({ name, obstacle }: LoadedModel, { active, previous }: Models): ModelState {
  if (name === active) return 'serving';
  if (obstacle !== undefined) return 'unfit';
  return name === previous ? 'previous' : 'ready';
}

/** The model in use first, then the previous one, then the others by name. */
export function toModelRows(models: Models): ModelRow[] {
  return models.models
    .map((model) => ({ model, state: toState(model, models) }))
    .toSorted(
      (a, b) =>
        stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || a.model.name.localeCompare(b.model.name),
    );
}

/** The model to show: the requested one if it is loaded, otherwise the one in use. */
export function findShownRow(rows: readonly ModelRow[], name: string | null): ModelRow | undefined {
  return (
    rows.find(({ model }) => model.name === name) ?? rows.find(({ state }) => state === 'serving') ?? rows[0]
  );
}

/** The class that counts as anomaly: `"fault"`, or `"1", named anomaly` if the artifact has another name for it. */
export function describeAnomaly({ anomaly_class, class_names: [, name] }: Model): string {
  const quoted = `"${anomaly_class}"`;
  return name === anomaly_class ? quoted : `${quoted}, named ${name}`;
}

interface ScalerColumn {
  name: string;
  values: number[];
}

/** The scaler parameters that have one value per feature. */
export function toScalerColumns(scaler: Model['scaler'], featureCount: number): ScalerColumn[] {
  return Object.entries(scaler).flatMap(([name, values]) =>
    name !== 'feature_range' && isNumberList(values) && values.length === featureCount
      ? [{ name: name.replaceAll('_', ' '), values }]
      : [],
  );
}

function isNumberList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

/** `Random forest` for `random-forest` */
export function toFamilyTitle(family: string): string {
  return capitalize(family.replaceAll('-', ' '));
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
