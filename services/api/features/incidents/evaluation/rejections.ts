import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../../storage/connection.ts';
import type { SensorTotals } from './evaluation-row.ts';

/** Readings of a sensor that were rejected and stored, in total or since the last count. */
interface Rejections {
  type: number;
  sensor: number;
  rejected: number;
  stored: number;
}

/** Turns the totals of the ledger into differences. Sensors without rejected readings are left out. */
export function createRejectionCounter(totals: readonly SensorTotals[]) {
  const known = new Map(totals.map(([sensor, rejected, stored]) => [sensor, { rejected, stored }]));

  function add({ sensor, rejected, stored }: Rejections): void {
    const before = known.get(sensor) ?? { rejected: 0, stored: 0 };
    known.set(sensor, { rejected: before.rejected + rejected, stored: before.stored + stored });
  }

  return {
    add,
    /** What has happened since the last call. Of a sensor that is new here, only its rejected readings count. */
    async count(pool: Pool): Promise<Rejections[]> {
      const rows = await listTotals(pool);
      return rows.flatMap(({ type, sensor, rejected, stored }) => {
        const before = known.get(sensor) ?? { rejected: 0, stored };
        known.set(sensor, { rejected, stored });
        const added = { rejected: rejected - before.rejected, stored: stored - before.stored };
        return added.rejected > 0 || added.stored > 0 ? [{ type, sensor, ...added }] : [];
      });
    },
    totals: (): SensorTotals[] =>
      Array.from(known, ([sensor, { rejected, stored }]) => [sensor, rejected, stored]),
  };
}

export type RejectionCounter = ReturnType<typeof createRejectionCounter>;

/** The readings that arrived before are not evaluated. @throws StorageError */
export async function listPresentTotals(pool: Pool): Promise<SensorTotals[]> {
  return (await listTotals(pool)).map(({ sensor, rejected, stored }) => [sensor, rejected, stored]);
}

function listTotals(pool: Pool): Promise<Rejections[]> {
  const sql = `SELECT sensors.type, sensors.id AS sensor, arrivals.rejected, states.\`stored\`
    FROM sensor_arrivals AS arrivals JOIN sensors ON sensors.id = arrivals.sensor
    JOIN sensor_states AS states ON states.sensor = arrivals.sensor WHERE arrivals.rejected > 0`;
  return selectRows<Rejections>(pool, { sql });
}
