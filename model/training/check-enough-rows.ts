import type { ParsedDataset } from '../dataset/dataset.ts';

const leastRows = 10;

/** @throws RangeError naming the labels that have too few rows to be trained, validated and tested on */
export function checkEnoughRows({ labels, classNames }: ParsedDataset, folds: number): void {
  const needed = Math.max(leastRows, Math.ceil((folds * 5) / 4) + 1);
  const counts = classNames.map((_, label) => labels.filter((each) => each === label).length);
  const scarce = counts.flatMap((count, label) =>
    count < needed ? [`label ${label} ("${classNames[label]}") has ${count}`] : [],
  );
  if (scarce.length > 0) {
    throw new RangeError(
      `too few rows: ${scarce.join(', ')}, expected at least ${needed} for ${folds} folds`,
    );
  }
}
