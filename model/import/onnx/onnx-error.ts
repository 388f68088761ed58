import { ImportError } from '../import-error.ts';

const exportAgain = 'Use an intact copy of the file, or export the model again';

/** A fault in an ONNX file. The message names the byte or operator; `toImportError` adds the file's name. */
export class OnnxError extends Error {
  readonly remedy: string;

  constructor(problem: string, { remedy = exportAgain, cause }: { remedy?: string; cause?: unknown } = {}) {
    super(problem, { cause });
    this.name = 'OnnxError';
    this.remedy = remedy;
  }
}

const maxShown = 60;

/** A string from an untrusted file, quoted and shortened for an error message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);
}

/** Converts an OnnxError to an ImportError with the file's name. Returns any other error unchanged. */
export function toImportError(error: unknown, source: string): unknown {
  if (!(error instanceof OnnxError)) return error;
  return new ImportError(source, { problem: error.message, remedy: error.remedy, cause: error });
}
