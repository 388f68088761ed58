import type { PartFault } from '../classifiers/part-fault.ts';
import type { Trees } from './trees.ts';

/** Where a node compares a feature that there is not. */
export function treeFeatureFaults({ feature }: Trees, featureCount: number): PartFault[] {
  const node = feature.findIndex((column) => column >= featureCount);
  if (node < 0) return [];
  const message = `${feature[node]}, expected the index of one of ${featureCount} features`;
  return [{ path: ['trees', 'feature', node], message }];
}
