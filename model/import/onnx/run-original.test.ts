import { describe, expect, test } from 'vitest';
import { OnnxError } from './onnx-error.ts';
import { loadRuntime } from './run-original.ts';

describe('loadRuntime', () => {
  test('names the command that installs a missing runtime', async () => {
    const absent = await loadRuntime('onnxruntime-of-nobody').catch((error: unknown) => error);
    expect(absent).toBeInstanceOf(OnnxError);
    expect(absent).toMatchObject({
      message: 'onnxruntime-of-nobody, which runs the original model for comparison, is not installed',
      remedy: expect.stringContaining('`npm install --no-save onnxruntime-node`'),
    });
  });

  test('distinguishes a package that is not a runtime from a missing one', async () => {
    await expect(loadRuntime('fast-check')).rejects.toThrow('does not load');
  });
});
