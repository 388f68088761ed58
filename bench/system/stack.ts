/** What has to be undone at the end, the last first. */
export interface Stack {
  defer: (undo: () => unknown) => void;
  /** Every step is taken, whatever the others do; a second call does nothing. */
  unwind: () => Promise<void>;
}

export function createStack(): Stack {
  const steps: (() => unknown)[] = [];
  return {
    defer: (undo) => void steps.push(undo),
    async unwind() {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
        }
      }
    },
  };
}
