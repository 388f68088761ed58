import mysql, { type RowDataPacket } from 'mysql2/promise';
import { type Bench, type Flags, runScript } from './bench.ts';
import { fill } from './load/fill.ts';
import { medianRatio, printMedians, runRounds } from './rounds.ts';
import { type Api, provideServer, startApi } from './servers.ts';

async function findBytesPerRow({ adminUrl }: Api): Promise<number> {
  const connection = await mysql.createConnection(adminUrl);
  await connection.query('ANALYZE TABLE readings');
  const [[size]] = await connection.query<
    RowDataPacket[]
  >(`SELECT (data_length + index_length) / table_rows AS bytes
    FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'readings'`);
  await connection.end();
  return Number(size?.bytes ?? size?.BYTES);
}

/** What the size of the table and the order of ids cost: NDJSON into a filled database and into an empty one, in turns. */
export async function benchGrowth(bench: Bench, { rounds = 9, seconds, rows, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const large = await startApi(bench, server, { name: 'large' });
  const empty = await startApi(bench, server, { name: 'empty' });
  await fill(large.port, { rows: Math.max(...rows), sensors: 1 });
  const measured = await runRounds(rounds, {
    'empty: ids in order': () => runScript('load/ndjson.ts', empty.port, seconds, 'ordered'),
    'large: ids in order': () => runScript('load/ndjson.ts', large.port, seconds, 'ordered'),
    'empty: random ids': () => runScript('load/ndjson.ts', empty.port, seconds, 'random'),
    'large: random ids': () => runScript('load/ndjson.ts', large.port, seconds, 'random'),
  });
  printMedians('NDJSON into a table of few rows and of many', measured);
  const ratio = (ids: string) =>
    medianRatio(measured, [`large: ${ids}`, 'empty: ids in order'], 'per_second');
  const figures = {
    'ids in order: large / empty': ratio('ids in order'),
    'random ids in the large table / ids in order in the empty one': ratio('random ids'),
    'bytes per row of readings, indexes included': await findBytesPerRow(large),
  };
  console.table(figures);
  return { server: server.settings, seconds, rows, figures, rounds: measured };
}
