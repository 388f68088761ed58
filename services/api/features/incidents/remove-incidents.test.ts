import type { Connection, RowDataPacket } from 'mysql2/promise';
import { v4 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../storage/admin-connection.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { toCommentStatement, toIncidentStatements } from './incident-rows.ts';
import { removeExpiredIncidents } from './remove-incidents.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-03-01T00:00:00.000Z');

let database: TestDatabase;
let admin: Connection;
let retention: Connection;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await createAdminConnection(database.adminUrl);
  retention = await createAdminConnection(database.retentionUrl);
});

afterAll(async () => {
  await Promise.all([admin.end(), retention.end()]);
  await database.drop();
});

async function addIncident(clearedMs: number | null): Promise<string> {
  const id = v4();
  const statements = toIncidentStatements([
    {
      ...{ id, type: 1, sensor: 1, rule: 'r', ruleVersion: 'v', severity: 'info', labels: {}, summary: '' },
      ...{ description: '', startedMs: 0, openedMs: 0, lastSeenMs: 0, clearedMs, readings: 0, anomalies: 0 },
      ...{ peakScore: null, peakReadingId: null },
    },
  ]);
  for (const { sql, values = [] } of [
    ...statements,
    toCommentStatement(id, { by: 'a', text: 'b' }, new Date(0)),
  ])
    await admin.query(sql, [...values]);
  return id;
}

async function list(sql: string): Promise<unknown[]> {
  const [rows] = await admin.query<RowDataPacket[]>({ sql, rowsAsArray: true });
  return rows.flat();
}

describe('removeExpiredIncidents', () => {
  test('removes cleared incidents with their comments, silences that have ended, and notifications', async () => {
    for (let age = 10; age > 0; age--) await addIncident(now - age * dayMs);
    const firing = await addIncident(null);
    await admin.query(`INSERT INTO silences (id, matchers, starts_at, ends_at, created_by, comment) VALUES
      (x'01', '[]', '2026-01-01', '2026-02-01', '', ''), (x'02', '[]', '2026-01-01', '2026-03-01', '', '')`);
    await admin.query(`INSERT INTO notifications (id, receiver, rule, kind, created_at) VALUES
      (x'01', '', '', 'change', '2026-02-01'), (x'02', '', '', 'change', '2026-03-01')`);
    await admin.query(`INSERT INTO notification_outbox (change_key, receiver, rule, incident, delay_ms, created_at) VALUES
      (x'01', '', '', x'01', 0, '2026-02-01'), (x'02', '', '', x'01', 0, '2026-03-01')`);
    const before = new Date(now - 3 * dayMs);
    const options = { before, stepRows: 2, pause: async () => undefined };
    expect(await removeExpiredIncidents(retention, options)).toBe(7);
    expect(await removeExpiredIncidents(retention, options)).toBe(0);
    const left = await list('SELECT LOWER(HEX(id)) FROM incidents ORDER BY id');
    expect(left).toHaveLength(4);
    expect(left).toContain(firing.replaceAll('-', ''));
    expect(await list('SELECT LOWER(HEX(incident)) FROM incident_comments ORDER BY incident')).toEqual(left);
    for (const table of ['silences', 'notifications', 'notification_outbox'])
      expect(await list(`SELECT COUNT(*) FROM ${table}`)).toEqual([1]);
  });

  test.each([
    'SELECT summary FROM incidents',
    'UPDATE incidents SET cleared_at = NULL',
    'SELECT text FROM incident_comments',
    'SELECT comment FROM silences',
    'SELECT * FROM rules',
    'SELECT * FROM receivers',
    'SELECT last_error FROM notifications',
    'SELECT * FROM rule_evaluation',
  ])("retention's user may not %s", async (sql) => {
    await expect(retention.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/DENIED/) });
  });
});
