import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { insertActivation, listLastActivations } from '../features/models/activations.ts';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { climateKey } from './keys.ts';
import { migrateDatabase } from './migrate-database.ts';
import { createPool } from './pool.ts';

let database: TestDatabase;
let admin: Connection;
const directory = mkdtempSync(join(tmpdir(), 'migrations-'));

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await mysql.createConnection(database.adminUrl);
});

afterAll(async () => {
  await admin.end();
  await database.drop();
  rmSync(directory, { recursive: true });
});

function migrate(lines: string[]): Promise<void> {
  const say = (line: string) => lines.push(line);
  return migrateDatabase({ adminUrl: database.adminUrl, directory, apiPassword: 'only-for-tests', say });
}

describe('the schema', () => {
  test('has every field of an activation as a column', async () => {
    const [rows] = await admin.query<RowDataPacket[]>(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'model_activations'",
    );
    const pool = createPool({ databaseUrl: database.url, connections: 1 });
    const chosen = { type: climateKey, model: 'a-1', previous: null, configured: 'a' };
    const given = { ...chosen, activated_at: '2026-11-22T16:22:12.961Z' };
    const figures = { readings: 7, changed: 1, max_changed: 0.5 };
    const stored = await insertActivation(pool, { ...given, ...figures });
    expect(stored).toEqual({ ...given, seq: stored.seq });
    expect(await listLastActivations(pool)).toEqual([stored]);
    expect(rows.map(({ name }) => String(name)).toSorted()).toEqual(
      Object.keys({ ...stored, ...figures }).toSorted(),
    );
    await pool.end();
  });

  test.each([
    'UPDATE readings SET timestamp = received_at',
    'DELETE FROM readings',
    'DROP TABLE readings',
    'UPDATE model_activations SET seq = 0',
    'DELETE FROM model_activations',
    'CREATE TABLE other (a INT)',
  ])("does not let the API's user %s", async (sql) => {
    const api = await mysql.createConnection(database.url);
    await expect(api.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/DENIED/) });
    await api.end();
  });
});

describe('migrateDatabase', () => {
  test('applies each file once, in order, also when several processes migrate at once', async () => {
    writeFileSync(
      join(directory, '901-first.sql'),
      'CREATE TABLE counted (n INT); INSERT INTO counted VALUES (1);',
    );
    writeFileSync(join(directory, '902-second.sql'), 'INSERT INTO counted VALUES (2);');
    const lines: string[] = [];
    await Promise.all([migrate(lines), migrate(lines), migrate(lines)]);
    expect(lines).toEqual(['applied 901-first.sql', 'applied 902-second.sql']);
    const [rows] = await admin.query<RowDataPacket[]>('SELECT n FROM counted ORDER BY n');
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('rejects a file that was changed after it was applied', async () => {
    writeFileSync(join(directory, '902-second.sql'), 'INSERT INTO counted VALUES (3);');
    await expect(migrate([])).rejects.toThrow('902-second.sql was changed');
  });

  test('takes a file with other line endings for the same file', async () => {
    writeFileSync(join(directory, '903-lines.sql'), 'INSERT INTO counted\nVALUES (4);\n');
    writeFileSync(join(directory, '902-second.sql'), 'INSERT INTO counted VALUES (2);');
    await migrate([]);
    writeFileSync(join(directory, '903-lines.sql'), 'INSERT INTO counted\r\nVALUES (4);\r\n');
    const lines: string[] = [];
    await migrate(lines);
    expect(lines).toEqual([]);
  });

  test('applies only the baseline and the files after it to a new database, and stores their SHA-256 hashes', async () => {
    const shipped = fileURLToPath(new URL('../../../db/init', import.meta.url));
    const [rows] = await admin.query<RowDataPacket[]>(
      "SELECT name, checksum FROM schema_migrations WHERE name < '900'",
    );
    const hashes = rows.map(({ name }) => {
      return createHash('sha256')
        .update(readFileSync(join(shipped, name)))
        .digest('hex');
    });
    const files = readdirSync(shipped).filter((name) => name >= '016' && name.endsWith('.sql'));
    expect(rows.map(({ name }) => name)).toEqual(files.sort());
    expect(rows.map(({ checksum }) => checksum)).toEqual(hashes);
  });
});
