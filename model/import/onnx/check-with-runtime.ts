import { readFile, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeOnnx } from './judge-onnx.ts';

/*
 * Every fixture judged by onnxruntime-node itself, which `npm test` goes without:
 *
 *   node model/import/onnx/check-with-runtime.ts
 *
 * onnxruntime-node is looked for where the project's packages are; `--runtime folder` takes it from another
 * node_modules by a link that is removed again.
 */

const fixtures = join(import.meta.dirname, 'fixtures');
const link = join(import.meta.dirname, '../../node_modules');

const { values } = parseArgs({ options: { runtime: { type: 'string' } } });
const { rows, models } = JSON.parse(
  await readFile(join(import.meta.dirname, '../../reference/onnx.json'), 'utf8'),
) as { rows: number[][]; models: { name: string }[] }; // this project's own file

if (values.runtime) await symlink(values.runtime, link);
try {
  for (const { name } of models) {
    const bytes = await readFile(join(fixtures, `${name}.onnx`));
    try {
      const { vectors, max_difference } = await judgeOnnx(bytes, name, rows);
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
