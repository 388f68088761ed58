import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const secret = z.string().min(1);
/** Files of earlier versions have no password for retention. */
const secretsSchema = z.object({ root: secret, api: secret, retention: secret.default(makeSecret) });
export type Secrets = z.infer<typeof secretsSchema>;

function makeSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** The passwords of the private database: made on the first start, then kept in a file that only its owner reads. */
export function loadSecrets(file: string): Secrets {
  const stored: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const secrets = secretsSchema.parse(stored ?? { root: makeSecret(), api: makeSecret() });
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}
