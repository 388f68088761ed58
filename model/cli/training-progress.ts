import { SingleBar } from 'cli-progress';
import type { Progress } from '../training/workload.ts';

export interface ShownProgress {
  show: (progress: Progress) => void;
  stop: () => void;
}

interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** A progress bar on a terminal; elsewhere, a line when a family's fit or cross-validation begins. */
export function createTrainingProgress(output: Output): ShownProgress {
  return output.isTTY === true ? createBar(output) : createLines(output);
}

function createBar(stream: Output): ShownProgress {
  const bar = new SingleBar({
    stream,
    format: '[{bar}] {value} of {total} fits | {left} | {work}',
    barsize: 20,
    hideCursor: false,
    gracefulExit: false,
    clearOnComplete: true,
  });
  let isStarted = false;
  return {
    show: (progress) => {
      if (!isStarted) bar.start(progress.total, 0, { work: '', left: '' });
      isStarted = true;
      bar.setTotal(progress.total);
      bar.update(progress.done, {
        work: toWork(progress),
        left: toTimeLeft(progress) ?? 'estimating time left',
      });
      // The fits block the timer that would draw the bar.
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

function createLines(output: Output): ShownProgress {
  return {
    show: (progress) => {
      if (progress.fold !== undefined && progress.fold > 1) return;
      const left = toTimeLeft(progress);
      output.write(
        `${progress.done} of ${progress.total} fits: ${toWork(progress)}${left ? `, ${left}` : ''}\n`,
      );
    },
    stop: () => undefined,
  };
}

function toWork({ family, fold }: Progress): string {
  return fold === undefined ? `${family}: fit` : `${family}: cross-validation, fold ${fold}`;
}

function toTimeLeft({ secondsLeft }: Progress): string | undefined {
  if (secondsLeft === undefined) return undefined;
  const seconds = Math.ceil(secondsLeft);
  return seconds < 120 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
