import type { Select, Statement } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId } from '../../storage/sql-values.ts';
import type { Condition } from '../../storage/where.ts';
import { type ArrivalDelta, type Delta, listDeltas, type SensorDelta } from '../statistics/rollups/deltas.ts';
import {
  type AlertMemory,
  type AlertMemoryRow,
  type Arrival,
  createAlertMemory,
  fromMemoryRow,
  remember,
  toMemoryRow,
} from './alert-memory.ts';

/** What is known of a sensor from all its stored readings. Times are as in SQL. */
export interface SensorState {
  sensor: number;
  /** The number of stored readings, and how many of them were late. */
  stored: number;
  late: number;
  /** The newest timestamp. */
  newest: string;
  /** The last reading by arrival. */
  lastId: string;
  receivedAt: string;
  prediction: 0 | 1 | null;
  /** The arrival of the first reading of the run of equal predictions that the last reading ends. */
  since: string;
  memory: AlertMemory;
}

/** The state after one more commit. */
export function addDelta(state: SensorState | undefined, delta: SensorDelta & ArrivalDelta): SensorState {
  const { sensor, last, run } = delta;
  const stored = delta.minutes.reduce((sum, { rollup }) => sum + rollup.count, 0);
  const continues = run.is_whole && state !== undefined && state.prediction === last.prediction;
  return {
    sensor,
    stored: (state?.stored ?? 0) + stored,
    late: (state?.late ?? 0) + delta.late,
    newest: state !== undefined && state.newest > delta.newest ? state.newest : delta.newest,
    lastId: last.id,
    receivedAt: last.received_at,
    prediction: last.prediction,
    since: continues ? state.since : run.since,
    memory: toArrivals(delta).reduce(remember, state?.memory ?? createAlertMemory()),
  };
}

function toArrivals({ arrivals, last }: ArrivalDelta): readonly Arrival[] {
  return arrivals ?? [[Date.parse(fromSqlTimestamp(last.received_at)), last.prediction]];
}

interface StateRow extends AlertMemoryRow {
  sensor: number;
  stored: number;
  late: number;
  newest: string;
  last_id: Buffer;
  prediction: 0 | 1 | null;
  since: string;
}

const memoryColumns = ['anomaly_at', 'mean_gap_ms', 'gaps', 'outages'];
const changingColumns = ['`stored`', 'late', 'newest', 'last_id', 'received_at', 'prediction', 'since'];

/** During an upgrade, `sensor_states` does not have the columns of the memory yet. */
export interface StatesOptions {
  hasMemory?: boolean;
}

function toState(row: StateRow, hasMemory: boolean): SensorState {
  const { last_id, received_at } = row;
  const { sensor, stored, late, newest, prediction, since } = row;
  return {
    sensor,
    stored,
    late,
    newest,
    lastId: fromSqlId(last_id),
    receivedAt: received_at,
    prediction,
    since,
    memory: hasMemory ? fromMemoryRow(row) : createAlertMemory(),
  };
}

/** The states of those sensors that have one. */
async function findStates(
  select: Select,
  sensors: readonly number[],
  { hasMemory = true }: StatesOptions,
): Promise<Map<number, SensorState>> {
  if (sensors.length === 0) return new Map();
  const columns = ['sensor', ...changingColumns, ...(hasMemory ? memoryColumns : [])].join(', ');
  const sql = `SELECT ${columns} FROM sensor_states WHERE sensor IN (?)`;
  const rows = await select<StateRow>({ sql, values: [sensors] });
  return new Map(rows.map((row) => [row.sensor, toState(row, hasMemory)]));
}

/** Stores states in place of those of the same sensors. */
export function toStatesStatements(
  states: readonly SensorState[],
  { hasMemory = true }: StatesOptions = {},
): Statement[] {
  if (states.length === 0) return [];
  const rows = states
    .toSorted((a, b) => a.sensor - b.sensor)
    .map(({ sensor, stored, late, newest, lastId, receivedAt, prediction, since, memory }) => {
      const { anomaly_at, mean_gap_ms, gaps, outages } = toMemoryRow(memory);
      const remembered = hasMemory ? [anomaly_at, mean_gap_ms, gaps, outages] : [];
      return [sensor, stored, late, newest, toSqlId(lastId), receivedAt, prediction, since, ...remembered];
    });
  const changing = [...changingColumns, ...(hasMemory ? memoryColumns : [])];
  const updates = changing.map((column) => `${column} = VALUES(${column})`).join(', ');
  const sql = `INSERT INTO sensor_states (sensor, ${changing.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${updates}`;
  return [{ sql, values: [rows] }];
}

/** Whether the delta has new readings, rather than only scores of stored ones. */
function hasArrivals(delta: SensorDelta): delta is SensorDelta & ArrivalDelta {
  return delta.last !== undefined;
}

/** The states, with these deltas, of the sensors that they are about. */
export async function findChangedStates(
  select: Select,
  deltas: readonly Delta[],
  options: StatesOptions = {},
): Promise<Map<number, SensorState>> {
  const added = deltas.flatMap(({ sensors }) => sensors).filter(hasArrivals);
  const states = await findStates(select, [...new Set(added.map(({ sensor }) => sensor))], options);
  for (const delta of added) states.set(delta.sensor, addDelta(states.get(delta.sensor), delta));
  return states;
}

/**
 * A derived table of the current states of all sensors of a type, or of all types, with their names: the stored states, and in place of them those that
 * waiting deltas have changed. Columns: `sensor`, `name`, `type`, `stored`, `late`, `last_id`, `received_at`, `prediction`, `since`,
 * `anomaly_at`, `mean_gap_ms`, `gaps`, `outages`.
 */
export async function findStatesTable(select: Select, type?: number): Promise<Condition> {
  const changed = [...(await findChangedStates(select, await listDeltas(select))).values()];
  const columns = `sensor, \`stored\`, late, last_id, received_at, prediction, since, ${memoryColumns.join(', ')}`;
  const documents = changed.map(({ lastId, memory, ...state }) => {
    return { ...state, ...toMemoryRow(memory), lastId: lastId.replaceAll('-', '') };
  });
  return {
    sql: `SELECT states.*, sensors.name, sensors.type FROM
      (SELECT ${columns} FROM sensor_states WHERE sensor NOT IN (?)
      UNION ALL SELECT ${columns.replace('last_id', 'UNHEX(last_id)')} FROM JSON_TABLE(?, '$[*]' COLUMNS (
        sensor INT UNSIGNED PATH '$.sensor', \`stored\` BIGINT UNSIGNED PATH '$.stored',
        late BIGINT UNSIGNED PATH '$.late', last_id CHAR(32) PATH '$.lastId',
        received_at DATETIME(3) PATH '$.receivedAt', prediction TINYINT UNSIGNED PATH '$.prediction',
        since DATETIME(3) PATH '$.since', anomaly_at DATETIME(3) PATH '$.anomaly_at',
        mean_gap_ms DOUBLE PATH '$.mean_gap_ms', gaps INT UNSIGNED PATH '$.gaps',
        outages TINYINT UNSIGNED PATH '$.outages')) AS changed) AS states
      JOIN sensors ON sensors.id = states.sensor ${type === undefined ? '' : 'AND sensors.type = ?'}`,
    values: [
      [0, ...changed.map(({ sensor }) => sensor)],
      JSON.stringify(documents),
      ...(type === undefined ? [] : [type]),
    ],
  };
}
