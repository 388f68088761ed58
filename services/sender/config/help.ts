import { runSettings, settings } from './settings.ts';

const introduction = `Sends the readings of a CSV file to the API: at a steady rate, as fast as the API answers, or spaced by their timestamps.
Several senders can share one file. Each row is stored once, and a restarted sender continues where it stopped.

Usage: npm run sender -- [flags]
`;

const notes = `A flag overrides its variable. Variables are also read from .env in the working directory.

Columns, units, times, numbers and labels are found by the header and the first rows; --dry-run shows how the file is read.
Without --type, the readings are of the default type if the file has its features, else of another type with these features,
else of a new type named after the file. Each line is one row. Rows without a reading are skipped, invalid rows are reported.

A request is retried with the same ids: after 408, 429, 502, 503, 504, a timeout or a connection error until it is
answered, and after 500 up to five times. With any other status except 200, its rows are reported and counted as rejected.

On SIGINT or SIGTERM, requests in flight have 5 s to be answered, and the remaining rows are released to other senders.
A second signal ends the process immediately.

Exit codes:
  0  all rows were accepted, all expectations were met, or a signal stopped the sender
  1  a row was invalid, dropped, rejected or not answered as expected, an expectation was not met, or the API was not
     ready in time
  2  the settings, the file or the replay are invalid

See docs/sender.md for details.
`;

/** The text of `--help`. */
export function toHelp(): string {
  const all = [...Object.values(settings), ...Object.values(runSettings)];
  const lines = all.flatMap(({ variable = '', flag, preset = '', meaning }) => [
    `  ${`--${flag}`.padEnd(17)} ${variable.padEnd(22)} ${preset}`.trimEnd(),
    `      ${meaning}`,
  ]);
  const head = `  ${'Flag'.padEnd(17)} ${'Variable'.padEnd(22)} Default`;
  return [introduction, [head, ...lines].join('\n'), '', notes].join('\n');
}
