import type { Fault } from '../import-error.ts';

/** Bytes that reading may take beside ten times the file's size: room for small files of many small objects. */
export const fixedAllowance = 32 * 2 ** 20;

/**
 * What one of each takes in V8 with 64-bit pointers, rounded up: `slot` in an array that grows, `entry` in one that does
 * not, `sparse` in a map; `view` onto bytes of the file; `text` besides its characters.
 */
export const cost = { slot: 24, entry: 8, sparse: 128, object: 96, view: 144, text: 32 } as const;

/** Counts what was allocated, never what was freed, so that no file makes its reader hold more than is allowed. */
export type Budget = { spend(bytes: number): void };

export function createBudget(allowed: number, fault: Fault): Budget {
  let left = allowed;
  return {
    spend(bytes) {
      left -= bytes;
      if (left >= 0) return;
      const remedy = 'If the file is compressed and you trust it, dump the model without compression';
      throw fault('the file asks for more memory than ten times its size', { remedy });
    },
  };
}
