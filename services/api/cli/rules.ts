import { config as loadDotenv } from 'dotenv';
import { loadRulesFile } from '../features/rules/load-rules-file.ts';
import { toRulesSchema } from '../features/rules/rules-schema.ts';
import { toFaultLine, toRulesText } from '../features/rules/rules-text.ts';

const usage = `npm run rules -- check rules.yaml    checks a rules file, and the variables and files that it names
npm run rules -- schema              prints the JSON Schema of rules files, for editors
`;

/** The exit code: 0, 1 for a file with faults, or 2 for wrong arguments. */
async function run([command, file, ...more]: readonly string[]): Promise<number> {
  if (command === 'schema' && file === undefined) {
    process.stdout.write(`${JSON.stringify(toRulesSchema(), null, 2)}\n`);
    return 0;
  }
  if (command === 'check' && file !== undefined && more.length === 0) return await check(file);
  const isHelp = command === '--help';
  (isHelp ? process.stdout : process.stderr).write(usage);
  return isHelp ? 0 : 2;
}

async function check(file: string): Promise<number> {
  const loaded = await loadRulesFile(file, process.env);
  process.stdout.write(loaded.faults.map((fault) => toFaultLine(file, fault)).join(''));
  if (loaded.faults.length > 0) return 1;
  process.stdout.write(toRulesText(loaded));
  return 0;
}

loadDotenv({ quiet: true });
process.exitCode = await run(process.argv.slice(2));
