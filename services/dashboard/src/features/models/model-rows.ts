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
        stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) ||
        (a.model.name < b.model.name ? -1 : Number(a.model.name > b.model.name)),
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

type Trained = Extract<Model['origin'], { kind: 'trained' }>;
type Compared = Trained['comparison'][number];

export interface ComparisonRow extends Pick<Compared, 'family' | 'test'> {
  crossValidation: Compared['cross_validation'] | undefined;
  /** Whether the shown model belongs to this family. */
  isShown: boolean;
}

/** The families trained on the same rows; only the own family if no others were trained. */
export function toComparisonRows(family: string, origin: Trained): ComparisonRow[] {
  const own = { family, test: origin.test, cross_validation: origin.cross_validation };
  return (origin.comparison.length === 0 ? [own] : origin.comparison).map((row) => ({
    family: row.family,
    test: row.test,
    crossValidation: row.cross_validation,
    isShown: row.family === family,
  }));
}
