/** The file cannot be replayed at all: it cannot be read, is no CSV of readings, or changed on the way. */
export class FileFault extends Error {}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist; expected a CSV file of readings'],
  ['ENOTDIR', 'does not exist; expected a CSV file of readings'],
  ['EISDIR', 'is a directory; expected a CSV file of readings'],
  ['EACCES', 'may not be read; give this user the right to read it'],
  ['EPERM', 'may not be read; give this user the right to read it'],
  ['Z_BUF_ERROR', 'is gzip, but cut off; compress or copy it again'],
  ['Z_DATA_ERROR', 'is gzip, but damaged; compress or copy it again'],
]);

export function toFileFault(file: string, cause: unknown): FileFault {
  if (cause instanceof FileFault) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = reasons.get(code) ?? `cannot be read: ${message}`;
  return new FileFault(`${file} ${reason}`, { cause });
}
