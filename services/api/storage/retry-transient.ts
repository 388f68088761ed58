import type { Connection } from 'mysql2/promise';
import { isTransient } from './database-errors.ts';

const maxAttempts = 5;

/** Runs the work again while the server rolls it back for the sake of other transactions. */
export async function retryTransient<T>(work: () => Promise<T>, attempts = maxAttempts): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts) throw error;
    }
  }
}

/** For repairs: the work is a transaction of its own, and nothing but a fault that stays ends it. */
export function retryTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  return retryTransient(async () => {
    try {
      await work();
    } catch (error) {
      await connection.query('ROLLBACK');
      throw error;
    }
  }, Number.POSITIVE_INFINITY);
}
