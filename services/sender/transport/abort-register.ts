type Cancel = (error: Error) => void;

/** One listener per signal, however many requests: a list of thousands is slow to take one out of. */
export function createAbortRegister() {
  const bySignal = new WeakMap<object, Set<Cancel>>();

  function cancelsOf(signal: AbortSignal): Set<Cancel> {
    const known = bySignal.get(signal);
    if (known) return known;
    const cancels = new Set<Cancel>();
    bySignal.set(signal, cancels);
    signal.addEventListener(
      'abort',
      () => {
        for (const cancel of cancels) cancel(new Error('aborted'));
      },
      { once: true },
    );
    return cancels;
  }

  return {
    /** Returns what takes it out again. */
    add(signal: unknown, cancel: Cancel): () => void {
      if (!(signal instanceof AbortSignal)) return () => undefined;
      const cancels = cancelsOf(signal);
      cancels.add(cancel);
      return () => cancels.delete(cancel);
    },
  };
}
