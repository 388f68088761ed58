import { sensorFeatureNames, sensorFeatures } from '../dataset/sensor-features.ts';
import { maxFeatures } from '../matrix.ts';
import { scalerWidths } from '../scalers/scaler.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';

export interface Feature {
  name: string;
  unit: string;
}

/** What the user says, where the user says something. */
export interface FeatureWishes {
  readonly names: readonly string[] | undefined;
  readonly units: readonly string[] | undefined;
}

const sayNames = 'Give --features with one name per column, in the order in which the model was fitted';

/**
 * Names and units of the model's columns: the names asked for, else those that the model was fitted with, else those of
 * the project's sensors where there are as many columns.
 *
 * @throws ImportError when the names asked for are not as many, or stand in another order than the model's own
 */
export function chooseFeatures(
  parts: ImportedParts,
  { names, units }: FeatureWishes,
  source: string,
): Feature[] {
  const count = widthOf(parts);
  if (names) checkNames(names, { own: parts.featureNames, count, source });
  const isLikeOurs = count === undefined || count === sensorFeatureNames.length;
  const chosen = names ?? parts.featureNames ?? (isLikeOurs ? sensorFeatureNames : undefined);
  if (chosen === undefined) {
    const problem = `the model has ${count} features, and the file does not name them`;
    throw new ImportError(source, { problem, remedy: sayNames });
  }
  if (chosen.length > maxFeatures) {
    const problem = `${chosen.length} features, expected 1 to ${maxFeatures}`;
    throw new ImportError(source, { problem, remedy: 'Fit the model on fewer columns' });
  }
  if (units && units.length !== chosen.length) {
    const problem = `--units names ${units.length} units for ${chosen.length} features (${chosen.join(', ')})`;
    throw new ImportError(source, {
      problem,
      remedy: 'Give one unit per feature; an empty one is a unit too',
    });
  }
  return chosen.map((name, j) => ({ name, unit: units?.[j] ?? unitOf(name) }));
}

/** How many features the model has; undefined where its parts do not tell. */
function widthOf({ featureCount, featureNames, scaler, classifier }: ImportedParts): number | undefined {
  const ofClassifier = classifier.family === 'logistic-regression' ? classifier.coef.length : undefined;
  return featureCount ?? featureNames?.length ?? scalerWidths(scaler)[0]?.width ?? ofClassifier;
}

interface Known {
  readonly own: readonly string[] | undefined;
  readonly count: number | undefined;
  readonly source: string;
}

function checkNames(names: readonly string[], { own, count, source }: Known): void {
  if (count !== undefined && names.length !== count) {
    const known = own ? ` (${own.join(', ')})` : '';
    throw new ImportError(source, {
      problem: `--features names ${names.length} features, but the model has ${count}${known}`,
      remedy: sayNames,
    });
  }
  const repeated = names.find((name, j) => name === '' || names.indexOf(name) < j);
  if (repeated !== undefined) {
    const problem = `--features has ${repeated === '' ? 'an empty name' : `"${repeated}" twice`}`;
    throw new ImportError(source, { problem, remedy: sayNames });
  }
  const moved = names.find((name, j) => own?.includes(name) && own[j] !== name);
  if (moved === undefined) return;
  throw new ImportError(source, {
    problem: `--features has "${moved}" in another place than the model, which was fitted on ${own?.join(', ')}`,
    remedy: 'Give the names in that order: readings are matched to features by name',
  });
}

/** Empty for a feature that the project's sensors do not have. */
function unitOf(name: string): string {
  return sensorFeatures.find((feature) => feature.name === name)?.unit ?? '';
}
