import type { Artifact, Origin } from '../artifact/artifact-schema.ts';
import { sealArtifact } from '../artifact/seal-artifact.ts';
import { featureFaults } from '../classifiers/classifier.ts';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import type { OrientedClassifier } from './choose-classes.ts';
import type { Feature } from './choose-features.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';

/** A model whose parts fit together, but whose scores have not been verified yet. */
export interface Draft {
  readonly parts: ImportedParts;
  readonly features: Feature[];
  readonly oriented: OrientedClassifier;
  readonly pipeline: Pipeline;
}

/** @throws ImportError when the classifier does not fit the number of features */
export function createDraft(
  parts: ImportedParts,
  { features, oriented }: { features: Feature[]; oriented: OrientedClassifier },
  source: string,
): Draft {
  const { classifier, threshold } = oriented;
  const [fault] = featureFaults(classifier, features.length);
  if (fault) {
    throw new ImportError(source, {
      problem: `the classifier does not fit ${features.length} features: ${fault.path.join('.')}: ${fault.message}`,
      remedy: 'Use --features with one name per column that the model was fitted on',
    });
  }
  const pipeline = createPipeline({
    name: 'imported',
    features,
    scaler: parts.scaler,
    classifier,
    threshold,
  });
  return { parts, features, oriented, pipeline };
}

type Imported = Extract<Origin, { kind: 'imported' }>;

export interface ImportRecord {
  readonly format: Imported['format'];
  readonly files: Imported['files'];
  readonly agreement: Imported['agreement'];
  readonly background: number[][];
  readonly referenceRows: number[][];
}

/** @throws ImportError when a reference row cannot be scored */
export function toImportedArtifact(
  { parts, features, oriented, pipeline }: Draft,
  { format, files, agreement, background, referenceRows }: ImportRecord,
): Artifact {
  return sealArtifact({
    format: { id: 'sensor-sentinel-pipeline', version: 2 },
    features,
    class_names: oriented.classNames,
    scaler: parts.scaler,
    classifier: oriented.classifier,
    threshold: oriented.threshold,
    background,
    origin: {
      kind: 'imported',
      format,
      version: parts.version,
      estimator: parts.estimator,
      files,
      ...(agreement && { agreement }),
    },
    reference: { rows: referenceRows, scores: scoreRows(pipeline, referenceRows) },
  });
}

function scoreRows(pipeline: Pipeline, rows: readonly number[][]): number[] {
  return rows.map((row) => {
    try {
      return pipeline.score(row);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new ImportError(`the row [${row.join(', ')}]`, {
        problem: `cannot be scored: ${cause.message}`,
        remedy: 'Use --background with readings like those that the model was fitted on',
        cause,
      });
    }
  });
}
