export type Log = (line: string) => void;

/** Names the first faults in full; a broken file of a million rows must not fill the disk with its log. */
export function createBoundedLog({ log, limit, kind }: { log: Log; limit: number; kind: string }): Log {
  let count = 0;
  return (line) => {
    count += 1;
    if (count <= limit) log(line);
    if (count === limit + 1) log(`further ${kind} are counted, not named`);
  };
}
