import type { Checkpoints, Place } from './checkpoints.ts';
import { type Block, splitTextLines } from './read-blocks.ts';
import { beginning } from './timeline.ts';

/** A way through the file; `at` is the next line of the block that was read last. */
export type Pass = {
  blocks: AsyncGenerator<Block>;
  place: Place;
  lines: string[];
  at: number;
  nextOffset: number;
};

export type Line = { line: number; text: string };

export const atStart: Place = { row: 0, line: 0, offset: 0, moment: beginning };

export function toPass(blocks: AsyncGenerator<Block>, place: Place): Pass {
  return { blocks, place: { ...place }, lines: [], at: 0, nextOffset: place.offset };
}

/** Makes sure that there is a next line; false: the file ends. */
export async function fillPass(pass: Pass, checkpoints: Checkpoints): Promise<boolean> {
  while (pass.at >= pass.lines.length) {
    const next = await pass.blocks.next();
    if (next.done) return false;
    pass.place.offset = pass.nextOffset;
    if (pass.place.line > 0) checkpoints.pass({ ...pass.place });
    pass.lines = splitTextLines(next.value.text);
    pass.at = 0;
    pass.nextOffset = next.value.endOffset;
  }
  return true;
}

/** The next rows of the block, `count` at most; blank lines and the header are none. */
export function takeLines(pass: Pass, { count, headerLine }: { count: number; headerLine: number }): Line[] {
  const taken: Line[] = [];
  while (taken.length < count && pass.at < pass.lines.length) {
    const text = pass.lines[pass.at] ?? '';
    pass.at += 1;
    pass.place.line += 1;
    if (pass.place.line > headerLine && !isBlank(text)) taken.push({ line: pass.place.line, text });
  }
  return taken;
}

export function isBlank(text: string): boolean {
  return text === '' || (text.charCodeAt(0) <= 32 && text.trim() === '');
}
