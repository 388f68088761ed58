import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { rulesFileSchema } from '@sensor-sentinel/contracts';
import type { z } from 'zod';

/** Writes a file of rules and receivers, and returns the setting that names it. YAML includes JSON. */
export function writeRules(
  directory: string,
  rules: z.input<typeof rulesFileSchema>,
): { RULES_FILE: string } {
  const path = join(directory, 'rules.yaml');
  writeFileSync(path, JSON.stringify(rules));
  return { RULES_FILE: path };
}
