import { rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

interface File {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes each file under a temporary name and renames all of them once they are complete, so that no reader
 * sees a partial file. An interruption leaves nothing behind.
 */
export async function writeFiles(files: readonly File[]): Promise<void> {
  const written = files.map(({ path, text }) => ({ path, text, draft: `${path}.${process.pid}.part` }));
  const removeDrafts = () => {
    for (const { draft } of written) rmSync(draft, { force: true });
  };
  const interrupt = () => {
    removeDrafts();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    for (const { draft, text } of written) await writeFile(draft, text);
    for (const { draft, path } of written) await rename(draft, path);
  } finally {
    removeDrafts();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
