import { type IncidentSummary, maxNewestIncidents } from '@sensor-sentinel/contracts';
import type { Select } from '../../storage/connection.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import {
  type IncidentRow,
  incidentColumns,
  incidentTables,
  toIncidents,
} from '../incidents/incident-rows.ts';

/**
 * How many incidents of a type fire, and the ones to show.
 * @param type the key of the type
 * @param names the names of the sensors; undefined: all of the type
 */
export async function findIncidentSummary(
  select: Select,
  type: number,
  names: readonly string[] | undefined,
): Promise<IncidentSummary> {
  const sensors = names && (await findKeys(select, type, names));
  const counts = await countFiring(select, type, sensors);
  const newest = counts.firing === 0 ? [] : await listNewest(select, type, sensors);
  const last = await findLast(select, type, sensors);
  const shown = await listByIds(select, [...newest, ...last]);
  const [incidents, ended] = [shown.slice(0, newest.length), shown.slice(newest.length)];
  return { ...counts, newest: incidents, last: ended[0] ?? null };
}

/** Begins with 0, because a list in SQL cannot be empty. */
async function findKeys(select: Select, type: number, names: readonly string[]): Promise<number[]> {
  const sql = 'SELECT id FROM sensors WHERE type = ? AND name IN (?)';
  const rows = await select<{ id: number }>({ sql, values: [type, names] });
  return [0, ...rows.map(({ id }) => id)];
}

type Counts = Pick<IncidentSummary, 'firing' | 'unacknowledged' | 'elsewhere'>;
type Keys = readonly number[] | undefined;

const isOneOf = (sensors: Keys): Condition =>
  sensors ? { sql: 'sensor IN (?)', values: [sensors] } : { sql: 'TRUE', values: [] };

async function countFiring(select: Select, type: number, sensors: Keys): Promise<Counts> {
  const { sql: isRequested, values } = isOneOf(sensors);
  const sql = `SELECT COUNT(CASE WHEN ${isRequested} THEN 1 END) AS firing,
    COUNT(CASE WHEN ${isRequested} AND acknowledged_at IS NULL THEN 1 END) AS unacknowledged,
    COUNT(CASE WHEN ${isRequested} THEN NULL ELSE 1 END) AS elsewhere
    FROM incidents WHERE type = ? AND firing = 1`;
  const [counts] = await select<Counts>({ sql, values: [...values, ...values, ...values, type] });
  return counts ?? { firing: 0, unacknowledged: 0, elsewhere: 0 };
}

interface IdRow {
  id: Buffer;
}

function listNewest(select: Select, type: number, sensors: Keys): Promise<IdRow[]> {
  const where = toWhere([{ sql: 'type = ? AND firing = 1', values: [type] }, isOneOf(sensors)]);
  const sql = `SELECT id FROM incidents ${where.sql}
    ORDER BY acknowledged_at IS NOT NULL, severity DESC, opened_at DESC, id DESC LIMIT ${maxNewestIncidents}`;
  return select<IdRow>({ sql, values: where.values });
}

/** Reads one row of an index for each sensor. */
function findLast(select: Select, type: number, sensors: Keys): Promise<IdRow[]> {
  const branch = (
    index: string,
    column: string,
  ) => `(SELECT id, opened_at FROM incidents FORCE INDEX (${index})
    WHERE ${column} = ? AND firing = 0 ORDER BY opened_at DESC, id DESC LIMIT 1)`;
  const branches = sensors
    ? sensors.map(() => branch('incidents_sensor', 'sensor'))
    : [branch('incidents_type_firing', 'type')];
  const sql = `SELECT id FROM (${branches.join(' UNION ALL ')}) AS ended ORDER BY opened_at DESC, id DESC LIMIT 1`;
  return select<IdRow>({ sql, values: sensors ?? [type] });
}

/** In the order of the ids. */
async function listByIds(select: Select, rows: readonly IdRow[]) {
  if (rows.length === 0) return [];
  const sql = `SELECT ${incidentColumns} FROM ${incidentTables} WHERE incidents.id IN (?)`;
  const found = await select<IncidentRow>({ sql, values: [rows.map(({ id }) => id)] });
  const inOrder = rows.flatMap(({ id }) => found.find((row) => row.id.equals(id)) ?? []);
  return toIncidents(select, inOrder);
}
