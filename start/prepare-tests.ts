import { requireAlertmanager, requireChromium, requireServerProgram } from './required-programs.ts';
import { StartError } from './start-error.ts';

/** Before the tests: what they run beside Node, each installed if it is missing. */
try {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  if (!process.env.TEST_DATABASE_ADMIN_URL) requireServerProgram(say);
  requireChromium(say);
  requireAlertmanager(say);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : error}\n`);
  process.exitCode = 1;
}
