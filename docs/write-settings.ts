import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toComposeEnv, toSettingsPage } from './settings-page.ts';

writeFileSync(join(import.meta.dirname, 'settings.md'), toSettingsPage());
for (const service of ['api', 'sender'] as const) {
  const path = join(import.meta.dirname, '../services', service, 'compose.env');
  writeFileSync(path, toComposeEnv(service));
}
