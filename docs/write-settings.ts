import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSettingsPage } from './settings-page.ts';

writeFileSync(join(import.meta.dirname, 'settings.md'), toSettingsPage());
