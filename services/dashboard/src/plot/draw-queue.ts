/** Leaves out a drawing that has not begun. */
type Cancel = () => void;

/**
 * Drawings one per frame, in the order in which they were asked for: several charts that change at once do not make
 * one long task of it.
 */
export function createDrawQueue(onNextFrame: (draw: () => void) => void): (draw: () => void) => Cancel {
  const waiting = new Set<() => void>();
  let isAwaited = false;

  function drawNext() {
    isAwaited = false;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    awaitFrame();
    next();
  }

  function awaitFrame() {
    if (isAwaited || waiting.size === 0) return;
    isAwaited = true;
    onNextFrame(drawNext);
  }

  return (draw) => {
    waiting.add(draw);
    awaitFrame();
    return () => void waiting.delete(draw);
  };
}
