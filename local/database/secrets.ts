import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const secretsSchema = z.object({ root: z.string().min(1), api: z.string().min(1) });
export type Secrets = z.infer<typeof secretsSchema>;

function makeSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** The passwords of the private database: made on the first start, then kept in a file that only its owner reads. */
export function loadSecrets(file: string): Secrets {
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const secrets = { root: makeSecret(), api: makeSecret() };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
