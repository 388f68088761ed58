import type { Fault } from '../import-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { PickleValue } from './pickle-value.ts';

/** The state in which a pickle's operations are interpreted: a stack with marks, and numbered values to use again. */
export interface Machine {
  readonly reader: ByteReader;
  readonly budget: Budget;
  readonly fault: Fault;
  /** Where the operation begins that is being interpreted. */
  readonly offset: number;
  begin(offset: number): void;
  push(value: PickleValue): void;
  pop(): PickleValue;
  top(): PickleValue;
  mark(): void;
  /** Everything above the last mark, which goes with it. */
  popToMark(): PickleValue[];
  /** Numbers the top of the stack: with the next number where none is given. */
  memoize(index?: number): void;
  recall(index: number): PickleValue;
}

interface Context {
  readonly reader: ByteReader;
  readonly budget: Budget;
  readonly fault: Fault;
}

export function createMachine({ reader, budget, fault }: Context): Machine {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo: PickleValue[] = [];
  /** Of numbers that leave out others, which no pickler writes. */
  const sparseMemo = new Map<number, PickleValue>();
  let offset = 0;
  let highest = 0;

  /** Of the values above the last mark the last; nothing may reach below it. */
  function last(): PickleValue {
    if (stack.length <= (marks.at(-1) ?? 0)) throw fault('the stack is empty', { offset });
    return stack[stack.length - 1];
  }

  return {
    reader,
    budget,
    fault,
    get offset() {
      return offset;
    },
    begin(next) {
      offset = next;
    },
    push(value) {
      stack.push(value);
      if (stack.length <= highest) return;
      highest = stack.length;
      budget.spend(cost.slot);
    },
    pop() {
      const value = last();
      stack.length -= 1;
      return value;
    },
    top: last,
    mark() {
      budget.spend(cost.slot);
      marks.push(stack.length);
    },
    popToMark() {
      const start = marks.pop();
      if (start === undefined) throw fault('no mark is on the stack', { offset });
      budget.spend(cost.object + cost.entry * (stack.length - start));
      return stack.splice(start);
    },
    memoize(index = memo.length) {
      const isDense = index <= memo.length;
      if (index < memo.length) memo[index] = last();
      else if (isDense) memo.push(last());
      else sparseMemo.set(index, last());
      budget.spend(isDense ? cost.slot : cost.sparse);
    },
    recall(index) {
      const value = index < memo.length ? memo[index] : sparseMemo.get(index);
      if (value === undefined) throw fault(`nothing was stored under ${index}`, { offset });
      return value;
    },
  };
}

/** Bytes that reading may take beside ten times the file's size: room for small files of many small objects. */
export const fixedAllowance = 32 * 2 ** 20;

/**
 * What one of each takes in V8 with 64-bit pointers, rounded up: `slot` in an array that grows, `entry` in one that does
 * not, `sparse` in a map; `view` onto bytes of the file; `text` besides its characters.
 */
export const cost = { slot: 24, entry: 8, sparse: 128, object: 96, view: 144, text: 32 } as const;

/** Counts what was allocated, never what was freed, so that no file makes its reader hold more than is allowed. */
export interface Budget {
  spend(bytes: number): void;
}

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
