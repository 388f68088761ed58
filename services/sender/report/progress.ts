import { MultiBar, type SingleBar } from 'cli-progress';
import type { Log } from '../bounded-log.ts';

const sayEveryMs = 10_000;

/** Runs the action again and again; the function that is returned ends that. */
export type Every = (ms: number, action: () => void) => () => void;

type Reporting = {
  output: NodeJS.WritableStream;
  isTerminal: boolean;
  every: Every;
  /** The state of things in one line. */
  describe: () => string;
};

export type Progress = {
  log: Log;
  start: (totalBytes: number) => void;
  update: (bytes: number) => void;
  stop: () => void;
};

export function createProgress(reporting: Reporting): Progress {
  return reporting.isTerminal ? createBarProgress(reporting) : createLineProgress(reporting);
}

/** The bar is the part of the file that is sent in this pass. */
function createBarProgress({ output, every, describe }: Reporting): Progress {
  const bars = new MultiBar({
    stream: output,
    format: '[{bar}] {percentage} % of the file | {state}',
    barsize: 20,
    emptyOnZero: true,
    gracefulExit: false,
  });
  let bar: SingleBar | undefined;
  let stopRefreshing = () => {};
  return {
    log: (line) => (bar === undefined ? output.write(`${line}\n`) : bars.log(`${line}\n`)),
    start: (totalBytes) => {
      bar = bars.create(totalBytes, 0, { state: describe() });
      stopRefreshing = every(1000, () => bar?.update({ state: describe() }));
    },
    update: (bytes) => bar?.update(bytes),
    stop: () => {
      if (bar === undefined) return;
      stopRefreshing();
      bar.update({ state: describe() });
      // Without an update, lines that are logged but not yet shown would be lost.
      bars.update();
      bars.stop();
      bar = undefined;
    },
  };
}

function createLineProgress({ output, every, describe }: Reporting): Progress {
  const log: Log = (line) => output.write(`${line}\n`);
  let stopSaying = () => {};
  return {
    log,
    start: () => {
      stopSaying = every(sayEveryMs, () => log(describe()));
    },
    update: () => undefined,
    stop: () => stopSaying(),
  };
}
