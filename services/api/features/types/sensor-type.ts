import {
  createExportQuerySchema,
  createPredictQuerySchema,
  createReadingSchema,
  createReadingsQuerySchema,
  type FeatureValues,
  type SensorType,
} from '@sensor-sentinel/contracts';

/** A sensor type with its key and its validators, which are built once, when the type is loaded. */
export type LoadedType = ReturnType<typeof createLoadedType>;

/** @param id the key in `sensor_types` */
export function createLoadedType(id: number, { name, features }: SensorType) {
  const type: SensorType = { name, features };
  return {
    id,
    name,
    features,
    featureNames: features.map((feature) => feature.name),
    /** Accepts a reading in the body of `POST /predict`. */
    readingSchema: createReadingSchema(type),
    predictQuerySchema: createPredictQuerySchema(type),
    readingsQuerySchema: createReadingsQuerySchema(type),
    exportQuerySchema: createExportQuerySchema(type),
  };
}

/** The values of features in the order of the type; null where a value is missing. */
export type Values = readonly (number | null)[];

/** Reads the values from a flat message that the type's schema accepts. */
export function toValues({ featureNames }: LoadedType, message: Readonly<Record<string, unknown>>): Values {
  return featureNames.map((name) => (typeof message[name] === 'number' ? message[name] : null));
}

/** The values by the names of the features. */
export function toFeatureValues({ featureNames }: LoadedType, values: Values): FeatureValues {
  return Object.fromEntries(featureNames.map((name, index) => [name, values[index] ?? null]));
}
