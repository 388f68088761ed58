import type { LoadedType } from '../types/sensor-type.ts';

/** Says that nothing scores the readings of a type, and the commands that change it. */
export function describeNoModel({ name }: Pick<LoadedType, 'name'>): string {
  const option = `--type ${name}`;
  return `No model yet for the type ${name}. Train one with "npm run train -- --data labeled.csv ${option}", or import one with "npm run model:import -- model.pkl ${option}"; both print the command that activates it.`;
}
