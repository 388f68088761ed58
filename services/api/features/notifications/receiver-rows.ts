import { maxReceivers, type Receiver, receiverSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { change, inTransaction, type Select, selectRows } from '../../storage/connection.ts';

/** The receivers that people made over HTTP, with their secrets, in the order of their names. @throws StorageError */
export async function listPersonReceivers(pool: Pool): Promise<Receiver[]> {
  const sql = 'SELECT definition FROM receivers ORDER BY name';
  const rows = await selectRows<{ definition: string }>(pool, { sql });
  return rows.map(({ definition }) => receiverSchema.parse(JSON.parse(definition)));
}

/**
 * Stores a receiver in place of that of the same name. Resolves to whether there was none. With `mustBeNew`, there must be none.
 * @throws ApiError `receiver_exists`, `limit_reached`; StorageError
 */
export function storeReceiver(
  pool: Pool,
  receiver: Receiver,
  { mustBeNew }: { mustBeNew: boolean },
): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    const { name } = receiver;
    const sql = 'SELECT name FROM receivers WHERE name = ? FOR UPDATE';
    const [known] = await transaction.select({ sql, values: [name] });
    if (known !== undefined && mustBeNew) throw toReceiverExists(name);
    if (known === undefined) await requireCapacity(transaction.select);
    await transaction.change({
      sql: `INSERT INTO receivers (name, definition) VALUES (?)
        ON DUPLICATE KEY UPDATE definition = VALUES(definition)`,
      values: [[name, JSON.stringify(receiver)]],
    });
    return known === undefined;
  });
}

async function requireCapacity(select: Select): Promise<void> {
  const [counted] = await select<{ receivers: number }>({
    sql: 'SELECT COUNT(*) AS receivers FROM receivers',
  });
  if ((counted?.receivers ?? 0) < maxReceivers) return;
  throw new ApiError('limit_reached', {
    detail: `There are already ${maxReceivers} receivers. Delete one first.`,
  });
}

function toReceiverExists(name: string): ApiError {
  const detail = `There is already a receiver ${JSON.stringify(name)}. Choose another name, or change the receiver with PUT.`;
  return new ApiError('receiver_exists', { detail });
}

/** Resolves to whether a receiver had this name. @throws StorageError */
export async function deleteReceiver(pool: Pool, name: string): Promise<boolean> {
  const { affectedRows } = await change(pool, {
    sql: 'DELETE FROM receivers WHERE name = ?',
    values: [name],
  });
  return affectedRows > 0;
}
