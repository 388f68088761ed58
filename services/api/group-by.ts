/** `Map.groupBy`, which Node 20 does not have. Groups and their members are in the order of `all`. */
export function groupBy<One, Key>(all: Iterable<One>, toKey: (one: One) => Key): Map<Key, One[]> {
  const groups = new Map<Key, One[]>();
  for (const one of all) {
    const key = toKey(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
