import { relative } from 'node:path';
import { z } from 'zod';
import { adminVariables } from '../services/api/cli/admin-config.ts';
import { apiVariables } from '../services/api/config.ts';
import { retentionDatabaseVariables } from '../services/api/features/statistics/retention/find-retention-database.ts';
import { retentionVariables } from '../services/api/features/statistics/retention/retention-config.ts';
import { settings as senderSettings } from '../services/sender/config/settings.ts';
import { startVariables } from '../start/config.ts';

const root = `${import.meta.dirname}/..`;

const introduction = `<!-- Made by \`npm run docs:settings\` from the programs themselves: edit those, not this page. -->

# Settings

Settings are environment variables. \`npm start\`, Compose and the programs also read them from a file \`.env\` in the
root of the repository; [.env.example](../.env.example) is a start. A variable of the environment wins over \`.env\`. An
empty value counts as absent.
`;

const composeText = `Compose passes on the settings of the [API](#api), of [retention](#retention) and of the [sender](#sender), to each container
its own. It publishes the API on \`API_PORT\` and the dashboard on \`DASHBOARD_PORT\`, mounts \`MODEL_DIR\` into the API's
container, and adds the names of its containers to \`ALLOWED_HOSTS\`. It sets \`API_HOST\`, \`DATABASE_URL\`,
\`DATABASE_PASSWORD_FILE\`, \`RETENTION_DATABASE_URL\`, \`RETENTION_DATABASE_PASSWORD_FILE\`, \`TRUST_PROXY\`, \`SENDER_API_URL\`
and \`SENDER_HEARTBEAT_FILE\` itself. \`SENDER_FILE\` is a path in the sender's container; [operation](operation.md#with-docker)
shows how to mount a file there.`;

const startText = `\`npm start\` reads these itself and passes all others on. With a private database it ignores the passwords of \`.env\`.`;

const migrationText = `\`npm run migrate\` also reads the passwords of the API and of retention, and sets them.`;

const senderText = `Each has a flag too, which wins over the variable: \`npm run sender -- --rate 50\`. [The page of the sender](sender.md)
explains them.`;

/** Read by docker-compose.yml only, so that no schema describes them. */
const composeRows: readonly Row[] = [
  {
    name: 'BIND_ADDRESS',
    preset: '127.0.0.1',
    meaning: 'Address of this machine on which ports are published. `0.0.0.0` opens them to everybody.',
  },
  {
    name: 'DATABASE_ROOT_PASSWORD',
    preset: '',
    meaning:
      'Password of the root account of the database. Random if absent. It cannot change after the first start.',
  },
];

/** Read by the tests only. */
const testRows: readonly Row[] = [
  {
    name: 'CHROMIUM_PATH',
    preset: '',
    meaning: 'Chromium or Chrome to use instead of the one that `npm test` installs.',
  },
  {
    name: 'TEST_DATABASE_ADMIN_URL',
    preset: '',
    meaning:
      'Database server, and an account that may create databases and users, to use instead of a private one.',
  },
];

interface Row {
  name: string;
  preset: string;
  meaning: string;
}

/** The text of docs/settings.md. */
export function toSettingsPage(): string {
  const senderRows = Object.values(senderSettings).map(({ variable, preset, meaning }) => {
    return { name: variable, preset, meaning };
  });
  const sections = [
    toSection('Compose', composeRows, composeText),
    toSection('npm start', toRows(startVariables.shape), startText),
    toSection('API', toRows(apiVariables.shape)),
    toSection('Retention', toRows({ ...retentionVariables, ...retentionDatabaseVariables })),
    toSection('Migration', toRows(adminVariables), migrationText),
    toSection('Sender', senderRows, senderText),
    toSection('Tests', testRows, 'The tests do not read `.env`.'),
  ];
  return [introduction, ...sections].join('\n');
}

function toSection(title: string, rows: readonly Row[], text?: string): string {
  const lines = rows.map(({ name, preset, meaning }) => {
    return `| \`${name}\` | ${preset} | ${meaning.replaceAll('|', '\\|')} |`;
  });
  const table = ['| setting | default | meaning |', '|---|---|---|', ...lines];
  return [`## ${title}`, ...(text === undefined ? [] : [text]), table.join('\n')].join('\n\n').concat('\n');
}

function toRows(shape: Readonly<Record<string, z.ZodType>>): Row[] {
  return Object.entries(shape).map(([name, schema]) => {
    if (schema.description === undefined) throw new Error(`${name} has no description`);
    return { name, preset: findPreset(schema), meaning: schema.description };
  });
}

/** Paths are relative to the root of the repository. */
function findPreset(schema: z.ZodType): string {
  if (schema instanceof z.ZodOptional) return '';
  if (!(schema instanceof z.ZodDefault)) return '(required)';
  const preset = String(schema.def.defaultValue);
  return preset.startsWith('/') ? relative(root, preset) : preset;
}
