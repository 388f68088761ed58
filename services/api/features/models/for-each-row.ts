import { setImmediate as yieldToOthers } from 'node:timers/promises';

const rowsPerTurn = 200;

/** Visits rows 0 … count − 1 in order, and lets other requests in between every few. */
export async function forEachRow(count: number, visit: (row: number) => void): Promise<void> {
  for (let row = 0; row < count; row++) {
    if (row > 0 && row % rowsPerTurn === 0) await yieldToOthers();
    visit(row);
  }
}
