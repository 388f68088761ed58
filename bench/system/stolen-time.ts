import { readFileSync } from 'node:fs';

/** The eighth figure of the kernel's line is what the host gave to other machines while this one wanted it. */
const stolenPlace = 7;

function read(): { stolen: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  // What guests got, the ninth and tenth, is part of the others already.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { stolen: ticks[stolenPlace] ?? 0, all: ticks.reduce((sum, value) => sum + value, 0) };
}

/** The share of the processors, 0 to 1, that the host kept from this machine since the last call, or the first one. */
export function createStolenTimeMeter(): () => number {
  let before = read();
  return () => {
    const now = read();
    const share = (now.stolen - before.stolen) / Math.max(1, now.all - before.all);
    before = now;
    return Number(share.toFixed(4));
  };
}
