import { ImportError } from '../import-error.ts';

const exportAgain = 'Take an intact copy of the file, or export the model again';

/** What is wrong with an ONNX file, at which byte or operator of it; `importOnnx` adds the file's name. */
export class OnnxError extends Error {
  readonly remedy: string;

  constructor(problem: string, { remedy = exportAgain, cause }: { remedy?: string; cause?: unknown } = {}) {
    super(problem, { cause });
    this.name = 'OnnxError';
    this.remedy = remedy;
  }
}

const maxShown = 60;

/** A name out of a file that nobody vouches for, fit for one line of a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);
}

/** The same fault with the file's name; what is not a fault of the file is thrown as it is. */
export function toImportError(error: unknown, source: string): unknown {
  if (!(error instanceof OnnxError)) return error;
  return new ImportError(source, { problem: error.message, remedy: error.remedy, cause: error });
}
