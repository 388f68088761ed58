import { readFile, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyOnnx } from './verify-onnx.ts';

/*
 * Compares every fixture with onnxruntime-node, which `npm test` does not need:
 *
 *   node model/import/onnx/check-with-runtime.ts
 *
 * The runtime is loaded from the project's node_modules, or from another node_modules given by `--runtime folder`, to
 * which a temporary link is created.
 */

const fixtures = join(import.meta.dirname, 'fixtures');
const link = join(import.meta.dirname, '../../node_modules');

const { values } = parseArgs({ options: { runtime: { type: 'string' } } });
const { rows, models } = JSON.parse(
  await readFile(join(import.meta.dirname, '../../reference/onnx.json'), 'utf8'),
) as { rows: number[][]; models: { name: string }[] }; // committed with this script

if (values.runtime) await symlink(values.runtime, link);
try {
  for (const { name } of models) {
    const bytes = await readFile(join(fixtures, `${name}.onnx`));
    try {
      const { vectors, max_difference } = await verifyOnnx(bytes, name, rows);
      console.log(
        `${name.padEnd(20)} ${vectors} of ${rows.length} rows, largest difference ${max_difference.toExponential(1)}`,
      );
    } catch (error) {
      console.log(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  }
} finally {
  if (values.runtime) await unlink(link);
}
