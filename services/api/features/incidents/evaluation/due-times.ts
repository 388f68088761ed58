/** Tells what is due, each at its own interval. Everything is due at the first question. */
export function createDueTimes<Name extends string>(
  intervalsMs: Readonly<Record<Name, number>>,
  clock = () => performance.now(),
) {
  const last = new Map<Name, number>();
  return {
    isDue(name: Name): boolean {
      const nowMs = clock();
      if (nowMs - (last.get(name) ?? -Infinity) < intervalsMs[name]) return false;
      last.set(name, nowMs);
      return true;
    },
    /** Begins the interval anew. */
    begin(name: Name): void {
      last.set(name, clock());
    },
  };
}
