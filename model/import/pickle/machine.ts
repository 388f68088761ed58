import type { Fault, ImportError } from '../import-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { PickleValue } from './pickle-value.ts';

/** What a pickle is read from, and what limits the reading. */
export interface PickleContext {
  readonly reader: ByteReader;
  readonly budget: Budget;
  readonly fault: Fault;
}

/** The state of the pickle interpreter: a stack with marks, and a memo of numbered values. */
export function createMachine({ reader, budget, fault: createFault }: PickleContext) {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo: PickleValue[] = [];
  /** Memo entries out of sequence, which no pickler writes. */
  const sparseMemo = new Map<number, PickleValue>();
  let offset = 0;
  let highest = 0;

  /** Creates an error at the current operation. */
  function fault(problem: string, remedy?: string): ImportError {
    return createFault(problem, { offset, remedy });
  }

  /** The last value above the last mark. Values below the mark are out of reach. */
  function last(): PickleValue {
    if (stack.length <= (marks.at(-1) ?? 0)) throw fault('the stack is empty');
    return stack[stack.length - 1];
  }

  return {
    reader,
    budget,
    fault,
    /** Byte offset of the current operation. */
    get offset() {
      return offset;
    },
    begin(next: number): void {
      offset = next;
    },
    push(value: PickleValue): void {
      stack.push(value);
      if (stack.length <= highest) return;
      highest = stack.length;
      budget.spend(cost.slot);
    },
    pop(): PickleValue {
      const value = last();
      stack.length -= 1;
      return value;
    },
    top: last,
    mark(): void {
      budget.spend(cost.slot);
      marks.push(stack.length);
    },
    /** Removes the last mark and returns everything above it. */
    popToMark(): PickleValue[] {
      const start = marks.pop();
      if (start === undefined) throw fault('no mark is on the stack');
      budget.spend(cost.object + cost.entry * (stack.length - start));
      return stack.splice(start);
    },
    /** Stores the top of the stack in the memo, under the next number by default. */
    memoize(index = memo.length): void {
      const isDense = index <= memo.length;
      if (index < memo.length) memo[index] = last();
      else if (isDense) memo.push(last());
      else sparseMemo.set(index, last());
      budget.spend(isDense ? cost.slot : cost.sparse);
    },
    recall(index: number): PickleValue {
      const value = index < memo.length ? memo[index] : sparseMemo.get(index);
      if (value === undefined) throw fault(`the memo has no entry ${index}`);
      return value;
    },
  };
}
export type Machine = ReturnType<typeof createMachine>;

/** Bytes allowed in addition to ten times the file's size, for small files of many small objects. */
export const fixedAllowance = 32 * 2 ** 20;

/**
 * Upper bounds of the memory that V8 needs with 64-bit pointers. `slot`: an element of a growing array;
 * `entry`: an element of a fixed array; `sparse`: a map entry; `view`: a view of the file's bytes; `text`: a
 * string without its characters.
 */
export const cost = { slot: 24, entry: 8, sparse: 128, object: 96, view: 144, text: 32 } as const;

/** Counts allocations and ignores deallocations, so that no file can exceed the memory limit. */
export function createBudget(allowed: number, fault: Fault) {
  let left = allowed;
  return {
    spend(bytes: number): void {
      left -= bytes;
      if (left >= 0) return;
      const remedy = 'If the file is compressed and you trust it, dump the model without compression';
      throw fault('reading the file takes more memory than ten times its size', { remedy });
    },
  };
}
export type Budget = ReturnType<typeof createBudget>;
