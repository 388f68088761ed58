import { settings } from './settings.ts';

const introduction = `Sends the readings of a CSV file to the API, row by row, at a steady rate.

Usage: npm run sender -- [flags]
`;

const notes = `  --json
      at the end, the summary as one JSON object on the standard output
  --help, -h
      this text

A flag wins over its variable. Variables are also read from a file .env in the working directory.

The file has a header with the columns temperature, humidity and sound_volume, in any order; sensor_id and
timestamp are optional, any other column is ignored. One line is one row. A row at fault is named and
counted, and the rest goes on. Rows are stamped when the API gets them; a column timestamp is ignored
unless --timestamps file is given, which then sends it, in the backfill too.

Row k is sent at start + k / rate, however long answers take, with at most --concurrency in flight. When
behind, it catches up by at most one second's worth of rows; beyond that the schedule moves. No row is
left out. After a backfill the replay goes on with the next row.

A request that meets 408, 429, 502, 503, 504, a timeout or no connection is tried again with the same id
until it is answered, a 500 five times. Any other answer but 200 is a rejection: named and counted.

On SIGINT or SIGTERM the readings in flight have 5 seconds to be answered; a second signal ends at once.

Exit code: 0 every row accepted, or stopped by a signal; 1 a row was bad, rejected or answered unreadably,
or the API was not ready in time; 2 the settings or the file are at fault.
`;

export function toHelp(): string {
  const lines = Object.values(settings).flatMap(({ variable, flag, preset, meaning }) => [
    `  ${`--${flag}`.padEnd(17)} ${variable.padEnd(21)} ${preset || '(packaged file)'}`,
    `      ${meaning}`,
  ]);
  const head = `  ${'Flag'.padEnd(17)} ${'Variable'.padEnd(21)} Default`;
  return `${introduction}\n${[head, ...lines].join('\n')}\n${notes}`;
}
