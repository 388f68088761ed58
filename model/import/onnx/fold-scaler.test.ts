import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unscaled } from './import-onnx.ts';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('unscaled', () => {
  test('sends every float32 where its scaled value went', () => {
    const factor = fc.float({ min: Math.fround(1e-3), max: 1000, noNaN: true });
    const readings = fc.array(float, { minLength: 1 });
    fc.assert(
      fc.property(fc.record({ offset: float, factor, threshold: float, readings }), (tree) => {
        const compute = (x: number) => Math.fround(Math.fround(Math.fround(x) - tree.offset) * tree.factor);
        const folded = unscaled(tree.threshold, compute);
        for (const x of [...tree.readings, Math.fround(folded)]) {
          expect(x <= folded).toBe(compute(x) <= tree.threshold);
        }
      }),
    );
  });

  test('is below every float32 where none is scaled to so little', () => {
    expect(unscaled(-1, (x) => Math.min(1, Math.max(0, x)))).toBe(-Number.MAX_VALUE);
    expect(unscaled(2, (x) => Math.min(1, Math.max(0, x)))).toBe(3.4028234663852886e38);
  });
});
