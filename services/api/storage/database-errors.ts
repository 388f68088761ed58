const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_BAD_DB_ERROR',
  // While the tables are being upgraded.
  'ER_NO_SUCH_TABLE',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_QUERY_INTERRUPTED',
  'ER_CONNECTION_KILLED',
]);

const readOnlyCodes = new Set([
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_INNODB_READ_ONLY',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
]);

const fullDiskCodes = new Set(['ER_DISK_FULL', 'ER_RECORD_FILE_FULL', 'ER_ERROR_ON_WRITE']);

const outdatedCodes = new Set(['ER_NO_SUCH_TABLE', 'ER_TABLEACCESS_DENIED_ERROR']);

export type StorageErrorCode = 'database_unavailable' | 'limit_reached' | 'question_too_slow';

/** ER_STATEMENT_TIMEOUT of MariaDB and ER_QUERY_TIMEOUT of MySQL. */
const timeLimitErrors: ReadonlySet<unknown> = new Set([1969, 3024]);

/** A row with the same unique key exists. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 'ER_DUP_ENTRY';
}

/** A text has a character that the character set of the server's own tables does not support. */
export function isCharacterFault(error: unknown): boolean {
  return codeOf(error) === 'ER_CANNOT_CONVERT_STRING';
}

/** A deadlock or lock timeout: the transaction was rolled back and can be retried. */
export function isTransient(error: unknown): boolean {
  const cause = error instanceof StorageError ? error.cause : error;
  return ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT'].includes(codeOf(cause));
}

/** Describes a database error with the server's message, and with a fix where one is known. */
export function toDatabaseFault(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const words = cause instanceof Error ? cause.message || codeOf(cause) || cause.name : String(cause);
  const obstacle = findObstacle(cause);
  const reason = obstacle ? `${obstacle}: ${words}` : words;
  return outdatedCodes.has(codeOf(cause)) ? `${reason}. Update the tables with: npm run migrate` : reason;
}

/** Describes a full disk, which reads do not detect; undefined for any other error. */
export function toFullDiskFault(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isFullDisk(cause) ? toDatabaseFault(cause) : undefined;
}

/** A temporary failure of the database; retrying may succeed. */
export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = 'StorageError';
    this.code = code;
  }
}

/** Whether the database is unavailable, as opposed to too slow or a bug. */
export function isUnavailable(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'database_unavailable';
}

/** The server stopped the statement at its time limit. */
export function isTimeLimit(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && timeLimitErrors.has(error.errno);
}

/** Maps an outage, an unwritable server or a lock conflict to a StorageError; returns any other error unchanged. */
export function toStorageError(error: unknown): unknown {
  const obstacle = findObstacle(error);
  if (!obstacle && !unavailableCodes.has(codeOf(error)) && !isTransient(error)) return error;
  const reason = obstacle ?? 'The database did not respond';
  const detail = `${reason} (${codeOf(error)}). Try again; sending a reading again with the same id stores it once.`;
  return new StorageError('database_unavailable', detail, error);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Errors of mysql2's pool have no code.
  if (/queue limit reached|closed state|pool is closed/i.test(error.message)) return 'ECONNRESET';
  return '';
}

/** Why a reachable server cannot write: an operator has to fix this. */
function findObstacle(error: unknown): string | undefined {
  if (isFullDisk(error)) return 'The disk of the database is full';
  return readOnlyCodes.has(codeOf(error)) ? 'The database is read-only' : undefined;
}

function isFullDisk(error: unknown): boolean {
  if (fullDiskCodes.has(codeOf(error))) return true;
  return error instanceof Error && /no space left|errno: 28\b|errcode: 28\b/i.test(error.message);
}
