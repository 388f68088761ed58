import type { Contribution, Incident, IncidentComment, Severity } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { groupBy } from '../../group-by.ts';
import { type Select, type Statement, selectRows } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId, toSqlTime, toSqlTimestamp } from '../../storage/sql-values.ts';

/** An incident as the evaluation writes it. What people add to it is not part of it. */
export interface IncidentRecord {
  id: string;
  /** The key of the type. */
  type: number;
  /** The key of the sensor. */
  sensor: number;
  rule: string;
  ruleVersion: string;
  severity: Severity;
  labels: Readonly<Record<string, string>>;
  summary: string;
  description: string;
  startedMs: number;
  openedMs: number;
  lastSeenMs: number;
  clearedMs: number | null;
  readings: number;
  anomalies: number;
  peakScore: number | null;
  peakReadingId: string | null;
}

const changingColumns = [
  ...['severity', 'labels', 'summary', 'description', 'last_seen_at', 'cleared_at', 'readings', 'anomalies'],
  ...['peak_score', 'peak_reading'],
];
const columns = [
  'id',
  'type',
  'sensor',
  'rule',
  'rule_version',
  'started_at',
  'opened_at',
  ...changingColumns,
];
const updates = changingColumns.map((name) => `${name} = VALUES(${name})`).join(', ');
const rowsPerStatement = 500;

/** Stores incidents, in the order of their ids. Writing one again changes nothing. */
export function toIncidentStatements(records: readonly IncidentRecord[]): Statement[] {
  const sorted = records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const starts = Array.from(
    { length: Math.ceil(sorted.length / rowsPerStatement) },
    (_, index) => index * rowsPerStatement,
  );
  return starts.map((start) => ({
    sql: `INSERT INTO incidents (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${updates}`,
    values: [sorted.slice(start, start + rowsPerStatement).map(toValues)],
  }));
}

/** In the order of `columns`. */
function toValues(record: IncidentRecord): unknown[] {
  const { id, type, sensor, rule, ruleVersion, severity, labels, summary, description } = record;
  const { startedMs, openedMs, lastSeenMs, clearedMs, readings, anomalies, peakScore, peakReadingId } =
    record;
  return [
    ...[toSqlId(id), type, sensor, rule, ruleVersion, toSqlTime(startedMs), toSqlTime(openedMs)],
    ...[severity, JSON.stringify(labels), summary, description, toSqlTime(lastSeenMs)],
    ...[clearedMs === null ? null : toSqlTime(clearedMs), readings, anomalies, peakScore],
    peakReadingId === null ? null : toSqlId(peakReadingId),
  ];
}

/** The columns of `IncidentRow`, selected from `incidentTables`. */
export const incidentColumns = `incidents.id, types.name AS type, sensors.name AS sensor_id, rule, severity, labels, summary,
  description, started_at, opened_at, last_seen_at, cleared_at, readings, anomalies, peak_score, peak_reading,
  acknowledged_at, acknowledged_by, acknowledged_comment, resolved_at, resolved_by, feedback, firing`;

/** STRAIGHT_JOIN: the server must not start from the sensors. */
export const incidentTables = `incidents STRAIGHT_JOIN sensors ON sensors.id = incidents.sensor
  STRAIGHT_JOIN sensor_types AS types ON types.id = incidents.type`;

export interface IncidentRow {
  id: Buffer;
  type: string;
  sensor_id: string;
  rule: string;
  severity: Severity;
  /** JSON */
  labels: string;
  summary: string;
  description: string;
  started_at: string;
  opened_at: string;
  last_seen_at: string;
  cleared_at: string | null;
  readings: number;
  anomalies: number;
  peak_score: number | null;
  peak_reading: Buffer | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  acknowledged_comment: string | null;
  resolved_at: string | null;
  resolved_by: string | null;
  feedback: 0 | 1 | null;
  firing: 0 | 1;
}

type Additions = Pick<Incident, 'comments' | 'cause'>;

function toIncident(row: IncidentRow, additions: Additions): Incident {
  const { id, type, sensor_id, rule, severity, summary, description, readings, anomalies, feedback } = row;
  return {
    ...{ id: fromSqlId(id), rule, type, sensor_id, state: row.firing === 1 ? 'firing' : 'cleared', severity },
    labels: JSON.parse(row.labels) as Record<string, string>, // only the evaluation writes it
    ...{ summary, description },
    started_at: fromSqlTimestamp(row.started_at),
    opened_at: fromSqlTimestamp(row.opened_at),
    last_seen_at: fromSqlTimestamp(row.last_seen_at),
    cleared_at: row.cleared_at === null ? null : fromSqlTimestamp(row.cleared_at),
    ...{ readings, anomalies, peak_score: row.peak_score },
    peak_reading_id: row.peak_reading === null ? null : fromSqlId(row.peak_reading),
    acknowledged: toAcknowledged(row),
    resolved:
      row.resolved_at === null ? null : { at: fromSqlTimestamp(row.resolved_at), by: row.resolved_by ?? '' },
    ...additions,
    feedback,
  };
}

function toAcknowledged(row: IncidentRow): Incident['acknowledged'] {
  const { acknowledged_at: at, acknowledged_by: by, acknowledged_comment: comment } = row;
  return at === null ? null : { at: fromSqlTimestamp(at), by: by ?? '', comment: comment ?? '' };
}

/** Maps rows, and adds the comments on them and the causes. */
export async function toIncidents(select: Select, rows: readonly IncidentRow[]): Promise<Incident[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [comments, causes] = [await findComments(select, ids), await findCauses(select, ids)];
  return rows.map((row) => {
    const id = fromSqlId(row.id);
    return toIncident(row, { comments: comments.get(id) ?? [], cause: causes.get(id) ?? null });
  });
}

/** The incidents with these ids, in the order of the ids. Those that are not stored are left out. @throws StorageError */
export async function findIncidentsByIds(pool: Pool, ids: readonly string[]): Promise<Incident[]> {
  if (ids.length === 0) return [];
  const select: Select = (statement) => selectRows(pool, statement);
  const sql = `SELECT ${incidentColumns} FROM ${incidentTables} WHERE incidents.id IN (?) ORDER BY incidents.id`;
  return toIncidents(select, await select<IncidentRow>({ sql, values: [ids.map(toSqlId)] }));
}

/** The incidents that fire, of one rule if it is given. @throws StorageError */
export async function listFiringIncidents(pool: Pool, rule?: string): Promise<Incident[]> {
  const select: Select = (statement) => selectRows(pool, statement);
  // The index of `cleared_at` finds them.
  const where = `WHERE cleared_at IS NULL AND firing = 1${rule === undefined ? '' : ' AND rule = ?'}`;
  const sql = `SELECT ${incidentColumns} FROM ${incidentTables} ${where} ORDER BY opened_at, incidents.id`;
  return toIncidents(select, await select<IncidentRow>({ sql, values: rule === undefined ? [] : [rule] }));
}

interface CommentRow {
  incident: Buffer;
  commented_at: string;
  commented_by: string;
  text: string;
}

/** By the id of the incident, the oldest first. */
async function findComments(
  select: Select,
  ids: readonly Buffer[],
): Promise<Map<string, Incident['comments']>> {
  const sql = `SELECT incident, commented_at, commented_by, text FROM incident_comments
    WHERE incident IN (?) ORDER BY incident, seq`;
  const rows = await select<CommentRow>({ sql, values: [ids] });
  const byIncident = groupBy(rows, ({ incident }) => fromSqlId(incident));
  return new Map(
    Array.from(byIncident, ([id, ofIncident]) => [
      id,
      ofIncident.map(({ commented_at, commented_by, text }) => {
        return { at: fromSqlTimestamp(commented_at), by: commented_by, text };
      }),
    ]),
  );
}

/** The largest contributions to the highest scores, by the id of the incident. */
async function findCauses(select: Select, ids: readonly Buffer[]): Promise<Map<string, Contribution>> {
  const sql = `SELECT id, JSON_EXTRACT(peak_explanation, '$.explanation.contributions') AS contributions FROM incidents
    WHERE id IN (?) AND peak_explanation IS NOT NULL`;
  const rows = await select<{ id: Buffer; contributions: string | null }>({ sql, values: [ids] });
  return new Map(
    rows.flatMap(({ id, contributions }) => {
      const all = JSON.parse(contributions ?? '[]') as Contribution[]; // only the explanation of peaks writes it
      const [cause] = all.toSorted((a, b) => b.contribution - a.contribution);
      return cause !== undefined && cause.contribution > 0 ? [[fromSqlId(id), cause] as const] : [];
    }),
  );
}

export function toCommentStatement(id: string, { by, text }: IncidentComment, at: Date): Statement {
  const values = [[toSqlId(id), toSqlTimestamp(at.toISOString()), by, text]];
  return {
    sql: 'INSERT INTO incident_comments (incident, commented_at, commented_by, text) VALUES (?)',
    values,
  };
}
