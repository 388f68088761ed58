/** A strict total order: whether entry a comes before entry b. */
export type IsBefore = (a: number, b: number) => boolean;

export interface Slice {
  readonly entries: Int32Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Partially sorts a slice: the entry at `nth` is the one of the sorted slice, with smaller entries before it
 * and larger ones after it. The resulting permutation is part of the contract. It is that of
 * `std::nth_element` in GNU libstdc++, which builds scikit-learn's k-d trees
 * (sklearn/neighbors/_partition_nodes.pyx). The algorithm is introselect (Musser, Software: Practice and
 * Experience 27 (1997), 983–993): quickselect with the median of the second, middle and last entry as pivot,
 * and a heap after 2·⌊log₂ length⌋ partitions.
 */
export function nthElement({ entries, start, end }: Slice, nth: number, isBefore: IsBefore): void {
  let [first, last] = [start, end];
  for (let partitions = 2 * (31 - Math.clz32(end - start)); last - first > 3; partitions--) {
    if (partitions === 0) {
      heapSelect({ entries, start: first, end: last }, nth, isBefore);
      return;
    }
    const cut = partition({ entries, start: first, end: last }, isBefore);
    if (cut <= nth) first = cut;
    else last = cut;
  }
  insertionSort({ entries, start: first, end: last }, isBefore);
}

/**
 * Moves the pivot to the start, then swaps from both ends inward. Returns the start of the entries that are
 * not before the pivot.
 */
function partition({ entries, start, end }: Slice, isBefore: IsBefore): number {
  const middle = start + ((end - start) >> 1);
  swap(entries, start, medianPlace(entries, [start + 1, middle, end - 1], isBefore));
  const pivot = entries[start];
  for (let low = start + 1, high = end - 1; ; low++, high--) {
    while (isBefore(entries[low], pivot)) low++;
    while (isBefore(pivot, entries[high])) high--;
    if (low >= high) return low;
    swap(entries, low, high);
  }
}

function medianPlace(entries: Int32Array, places: [number, number, number], isBefore: IsBefore): number {
  const [a, b, c] = places.toSorted((x, y) => (isBefore(entries[x], entries[y]) ? -1 : 1));
  return [a, b, c][1];
}

/** Keeps the smallest entries in a max-heap up to `nth`, then swaps its root to `nth`. */
function heapSelect({ entries, start, end }: Slice, nth: number, isBefore: IsBefore): void {
  const size = nth + 1 - start;
  for (let parent = (size - 2) >> 1; parent >= 0; parent--) {
    settle({ entries, start, end: nth + 1 }, { hole: parent, entry: entries[start + parent] }, isBefore);
  }
  for (let i = nth + 1; i < end; i++) {
    const entry = entries[i];
    if (!isBefore(entry, entries[start])) continue;
    entries[i] = entries[start];
    settle({ entries, start, end: nth + 1 }, { hole: 0, entry }, isBefore);
  }
  swap(entries, start, nth);
}

/**
 * Moves the larger child up into the hole until the hole is a leaf, then moves the entry up from there to its
 * place.
 */
function settle(
  { entries, start, end }: Slice,
  { hole: top, entry }: { hole: number; entry: number },
  isBefore: IsBefore,
): void {
  const size = end - start;
  let hole = top;
  for (let child = 2 * hole + 2; child <= size; child = 2 * hole + 2) {
    if (child === size || isBefore(entries[start + child], entries[start + child - 1])) child--;
    entries[start + hole] = entries[start + child];
    hole = child;
  }
  for (let parent = (hole - 1) >> 1; hole > top; parent = (hole - 1) >> 1) {
    if (!isBefore(entries[start + parent], entry)) break;
    entries[start + hole] = entries[start + parent];
    hole = parent;
  }
  entries[start + hole] = entry;
}

function insertionSort({ entries, start, end }: Slice, isBefore: IsBefore): void {
  for (let i = start + 1; i < end; i++) {
    const entry = entries[i];
    let place = i;
    for (; place > start && isBefore(entry, entries[place - 1]); place--) entries[place] = entries[place - 1];
    entries[place] = entry;
  }
}

function swap(entries: Int32Array, a: number, b: number): void {
  const entry = entries[a];
  entries[a] = entries[b];
  entries[b] = entry;
}
