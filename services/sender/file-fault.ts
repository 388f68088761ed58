/** The file cannot be replayed at all: it cannot be read, its header is wrong, or no row of it is valid. */
export class FileFault extends Error {}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
};

export function toFileFault(file: string, cause: unknown): FileFault {
  if (cause instanceof FileFault) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = reasons[code] ?? `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new FileFault(`${file} ${reason}; expected a CSV file of readings`, { cause });
}
