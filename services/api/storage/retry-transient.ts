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
