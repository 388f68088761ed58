import type { PoolConnection } from 'mysql2';
import type { CallbackPool } from './pool.ts';

/** How long a statement waits for a free connection before the database counts as away. */
const acquireTimeoutMs = 4000;

type Acquired = (away: Error | undefined, connection?: PoolConnection) => void;

function toTimeout(): Error {
  const message = `no connection to the database was free for ${acquireTimeoutMs} ms`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}

/** A connection of the pool, which itself would wait without end; one that comes too late goes back. */
export function acquireConnection(pool: CallbackPool, done: Acquired): void {
  let isLate = false;
  const waiting = setTimeout(() => {
    isLate = true;
    done(toTimeout());
  }, acquireTimeoutMs);
  pool.getConnection((away, connection) => {
    clearTimeout(waiting);
    if (isLate) connection?.release();
    else if (away) done(away);
    else done(undefined, connection);
  });
}
