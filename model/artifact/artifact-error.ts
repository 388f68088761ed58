/** An artifact that must not be used: which file, where in it, what is wrong, and how to mend it. */
export class ArtifactError extends Error {
  readonly source: string;

  constructor(
    source: string,
    { problem, remedy, cause }: { problem: string; remedy: string; cause?: unknown },
  ) {
    super(`${source}: ${problem}. ${remedy}.`, { cause });
    this.name = 'ArtifactError';
    this.source = source;
  }
}
