import { escapeLines } from '@sensor-sentinel/model/table';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

const logIntervalMs = 10_000;

interface ProgressOptions {
  output: NodeJS.WritableStream;
  isTerminal: boolean;
  clock: Pick<Clock, 'every'>;
  /** The current state in one line. */
  describe: () => string;
}

export interface Progress {
  log: Log;
  start: (totalBytes: number) => void;
  update: (bytes: number) => void;
  stop: () => void;
}

/** A progress bar on a terminal, a line every 10 s elsewhere. All messages are written here. */
export function createProgress(options: ProgressOptions): Progress {
  const progress = options.isTerminal ? createBarProgress(options) : createLineProgress(options);
  return { ...progress, log: (line) => progress.log(escapeLines(line)) };
}

/** The bar shows the part of the file that has been read in this loop. */
function createBarProgress({ output, clock, describe }: ProgressOptions): Progress {
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
      stopRefreshing = clock.every(1000, () => bar?.update({ state: describe() }));
    },
    update: (bytes) => bar?.update(bytes),
    stop: () => {
      if (bar === undefined) return;
      stopRefreshing();
      bar.update({ state: describe() });
      // Without an update, lines that are logged but not drawn yet would be lost.
      bars.update();
      bars.stop();
      bar = undefined;
    },
  };
}

function createLineProgress({ output, clock, describe }: ProgressOptions): Progress {
  const log: Log = (line) => output.write(`${line}\n`);
  let stopLogging = () => {};
  return {
    log,
    start: () => {
      stopLogging = clock.every(logIntervalMs, () => log(describe()));
    },
    update: () => undefined,
    stop: () => stopLogging(),
  };
}
