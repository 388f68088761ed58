import { settings } from './settings.ts';

const introduction = `Sends the readings of a CSV file to the API, at a steady rate, as fast as it goes, or in the time of the file.
Several senders share one file: each row is stored once, whatever ends, and a sender that is started again goes on.

Usage: npm run sender -- [flags]
`;

const notes = `Flags without a variable:
  --dry-run             says what the file holds, how it is understood and how long it takes; sends nothing
  --restart             forgets how far the replay has come, and sends the file again
  --expect TEXT         exits with 1 unless it is met, as in "p99<50ms,lost=0,dup=0"
  --find-max            finds the highest rate that breaks no limit; what it sends is stored, as sensor find-max
  --find-max-p99 50ms   its limits: latency,
  --find-max-shed 1%    and the share that is answered 429 or 503, or dropped
  --find-max-hold 30s   how long the rate must be held
  --json                at the end, the summary as one JSON object on the standard output
  --help, -h            this text

A flag wins over its variable. Variables are also read from a file .env in the working directory.

The file has a header with the columns temperature, humidity and sound_volume, in any order; sensor_id, timestamp
and a label are optional, any other column is ignored. One line is one row. A row at fault is named and counted, and
the rest goes on.

A request that meets 408, 429, 502, 503, 504, a timeout or no connection is tried again with the same id until it is
answered, a 500 five times. Any other answer but 200 is a rejection: named and counted.

On SIGINT or SIGTERM what is in flight has 5 seconds to be answered, and the rows that are left go back to be sent by
others; a second signal ends at once.

Exit code: 0 every row accepted, or stopped by a signal, or what was expected is met; 1 a row was bad, dropped, rejected
or answered unreadably, or the API was not ready in time; 2 the settings, the file or the replay are at fault.

docs/sender.md tells the rest.
`;

export function toHelp(): string {
  const lines = Object.values(settings).flatMap(({ variable, flag, preset, meaning }) => [
    `  ${`--${flag}`.padEnd(17)} ${variable.padEnd(22)} ${preset}`.trimEnd(),
    `      ${meaning}`,
  ]);
  const head = `  ${'Flag'.padEnd(17)} ${'Variable'.padEnd(22)} Default`;
  return `${introduction}\n${[head, ...lines].join('\n')}\n\n${notes}`;
}
