import { sensorFeatureNames, sensorFeatures } from '../dataset/sensor-features.ts';
import { maxFeatures } from '../matrix.ts';
import { scalerWidths } from '../scalers/scaler.ts';
import { matchNames, parseHeading } from '../table/headings.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';

export interface Feature {
  name: string;
  unit: string;
}

/** The sensor type whose readings the model is to score. */
export interface ImportType {
  readonly name: string;
  /** Undefined where they are not known. */
  readonly features: readonly string[] | undefined;
}

/** What the user specifies; undefined where nothing is specified. */
export interface FeatureOptions {
  readonly type: ImportType;
  readonly names: readonly string[] | undefined;
  readonly units: readonly string[] | undefined;
}

/** The type of artifacts that name none. */
export const defaultTypeName = 'climate';

const nameColumns = 'Use --features with one name per column, in the order of the model';

/**
 * Names and units of the model's columns: the given names, else those in the file, else those of the
 * sensor type, in its order, if the number of columns is the same.
 *
 * @throws ImportError when the number or the order of the given names differs from the model's
 */
export function chooseFeatures(
  parts: ImportedParts,
  { type, names, units }: FeatureOptions,
  source: string,
): Feature[] {
  const count = widthOf(parts);
  if (names) checkNames(names, { own: parts.featureNames, count, source });
  const ofType = type.features ?? (type.name === defaultTypeName ? sensorFeatureNames : undefined);
  const isSameCount = count === undefined || count === ofType?.length;
  const chosen = names ?? parts.featureNames ?? (isSameCount ? ofType : undefined);
  if (chosen === undefined) {
    const problem = `the model has ${count} features, and the file does not name them`;
    throw new ImportError(source, { problem, remedy: nameColumns });
  }
  if (chosen.length > maxFeatures) {
    const problem = `${chosen.length} features, expected 1 to ${maxFeatures}`;
    throw new ImportError(source, { problem, remedy: 'Fit the model on fewer columns' });
  }
  if (units && units.length !== chosen.length) {
    const problem = `--units names ${units.length} units for ${chosen.length} features (${chosen.join(', ')})`;
    throw new ImportError(source, {
      problem,
      remedy: 'Give one unit per feature; it may be empty',
    });
  }
  const headings = chosen.map(parseHeading);
  return findMeant(chosen, { type, source }).map((name, j) => {
    const unit = name === chosen[j] ? '' : (headings[j]?.unit ?? '');
    return { name, unit: units?.[j] ?? (unitOf(name) || unit) };
  });
}

/**
 * The features of the type that the names mean, apart from case, separators and units.
 *
 * @throws ImportError naming those that the type does not have
 */
function findMeant(
  names: readonly string[],
  { type, source }: { type: ImportType; source: string },
): readonly string[] {
  const { features } = type;
  if (features === undefined) return names;
  const matched = matchNames(names, features);
  const missing = names.filter((_, j) => matched[j] === undefined);
  if (missing.length === 0) return matched.map((name, j) => name ?? names[j]);
  throw new ImportError(source, {
    problem: `the type ${type.name} has no ${missing.map((name) => JSON.stringify(name)).join(', ')}; it has ${features.join(', ')}`,
    remedy: `Use --features with the names that the type has, in the order of the model's columns (${names.join(', ')}), or --type with another name for a sensor type of its own`,
  });
}

/** The number of features; undefined where the parts do not determine it. */
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
      remedy: nameColumns,
    });
  }
  const repeated = names.find((name, j) => name === '' || names.indexOf(name) < j);
  if (repeated !== undefined) {
    const problem = `--features has ${repeated === '' ? 'an empty name' : `"${repeated}" twice`}`;
    throw new ImportError(source, { problem, remedy: nameColumns });
  }
  const moved = names.find((name, j) => own?.includes(name) && own[j] !== name);
  if (moved === undefined) return;
  throw new ImportError(source, {
    problem: `--features has "${moved}" in a different position than the model, which was fitted on ${own?.join(', ')}`,
    remedy: 'Give the names in that order',
  });
}

/** The unit of a feature of the default sensor type; empty for any other. */
function unitOf(name: string): string {
  return sensorFeatures.find((feature) => feature.name === name)?.unit ?? '';
}
