import { describe, expect, test } from 'vitest';
import { OnnxError } from './onnx-error.ts';
import { loadRuntime } from './run-original.ts';

describe('loadRuntime', () => {
  test('answers the absence of the runtime with the command that adds it', async () => {
    const absent = await loadRuntime('onnxruntime-of-nobody').catch((error: unknown) => error);
    expect(absent).toBeInstanceOf(OnnxError);
    expect(absent).toMatchObject({
      message: 'onnxruntime-of-nobody, which runs the original for comparison, is not installed',
      remedy: expect.stringContaining('`npm install --no-save onnxruntime-node`'),
    });
  });

  test('tells a package that is no runtime from one that is not there', async () => {
    await expect(loadRuntime('fast-check')).rejects.toThrow('does not load');
  });
});
