import { randomUUID } from 'node:crypto';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { v7 } from 'uuid';
import type { Bench, Figures, Flags } from './bench.ts';
import { postLines } from './load/ndjson.ts';
import { drawReadings } from './load/readings.ts';
import { medianRatio, printMedians, runRounds } from './rounds.ts';
import { type Api, provideServer, startApi } from './servers.ts';

const firstRows = 1_000_000;
const linesPerPiece = 500;

/** Copies all rows to an earlier time, with ids of that time. */
const copySql = `INSERT INTO readings (id, type, sensor, timestamp, received_at, features, prediction, score, model)
  SELECT UNHEX(CONCAT(LPAD(CONV(CONV(LEFT(HEX(id), 12), 16, 10) - ?, 10, 16), 12, '0'), SUBSTR(HEX(id), 13))),
    type, sensor, timestamp - INTERVAL ? SECOND, received_at - INTERVAL ? SECOND, features, prediction, score, model
  FROM readings WHERE seq <= ? ORDER BY seq`;

/** The first rows by the API, the others by copies of them inside the server. */
async function fill({ port, adminUrl }: Api, rows: number): Promise<void> {
  await postLines({ port, lines: toPieces(Math.min(rows, firstRows), () => undefined) });
  const connection = await mysql.createConnection(adminUrl);
  for (let copy = 1; copy * firstRows < rows; copy++) {
    const seconds = copy * 86_400;
    await connection.query(copySql, [seconds * 1000, seconds, seconds, firstRows]);
    console.log(`${(copy + 1) * firstRows} rows`);
  }
  await connection.end();
}

function* toPieces(rows: number, createId: () => string | undefined): Generator<string> {
  const readings = drawReadings(linesPerPiece * 8);
  for (let row = 0; row < rows; row += linesPerPiece) {
    const at = row % readings.length;
    const piece = readings.slice(at, at + linesPerPiece).map((reading) => ({ ...reading, id: createId() }));
    yield `${piece.map((reading) => JSON.stringify(reading)).join('\n')}\n`;
  }
}

async function measure({ port }: Api, seconds: number, createId: () => string): Promise<Figures> {
  const end = performance.now() + seconds * 1000;
  function* pieces(): Generator<string> {
    for (const piece of toPieces(Infinity, createId)) {
      if (performance.now() > end) return;
      yield piece;
    }
  }
  let after = 0;
  const onAnswers = (count: number) => {
    if (performance.now() < end) after = count;
  };
  await postLines({ port, lines: pieces(), onAnswers });
  return { per_second: after / seconds };
}

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
  await fill(large, Math.max(...rows));
  const measured = await runRounds(rounds, {
    'empty: ids in order': () => measure(empty, seconds, v7),
    'large: ids in order': () => measure(large, seconds, v7),
    'empty: random ids': () => measure(empty, seconds, randomUUID),
    'large: random ids': () => measure(large, seconds, randomUUID),
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
