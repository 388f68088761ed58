import { StartError } from './start-error.ts';
import { requireProgram } from './system-packages.ts';

/** Prints the path of a Chromium, installing Debian's if there is none. */
try {
  const path =
    process.env.CHROMIUM_PATH ??
    requireProgram({
      name: 'chromium',
      programs: ['chromium', 'chromium-browser', 'google-chrome'],
      instead: 'set CHROMIUM_PATH to a Chromium or Chrome',
      say: (line) => process.stderr.write(`${line}\n`),
    });
  process.stdout.write(path);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : error}\n`);
  process.exitCode = 1;
}
