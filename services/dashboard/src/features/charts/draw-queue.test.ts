import { describe, expect, test } from 'vitest';
import { createDrawQueue } from './draw-queue.ts';

function createFrames() {
  const scheduled: (() => void)[] = [];
  return {
    onNextFrame: (draw: () => void) => void scheduled.push(draw),
    count: () => scheduled.length,
    next: () => scheduled.shift()?.(),
  };
}

describe('createDrawQueue', () => {
  test('runs one drawing per frame, in order', () => {
    const frames = createFrames();
    const drawn: string[] = [];
    const scheduleDraw = createDrawQueue(frames.onNextFrame);
    for (const name of ['a', 'b', 'c']) scheduleDraw(() => void drawn.push(name));
    expect(drawn).toEqual([]);
    frames.next();
    expect(drawn).toEqual(['a']);
    frames.next();
    frames.next();
    expect(drawn).toEqual(['a', 'b', 'c']);
    expect(frames.count()).toBe(0);
  });

  test('skips a canceled drawing', () => {
    const frames = createFrames();
    const drawn: string[] = [];
    const scheduleDraw = createDrawQueue(frames.onNextFrame);
    const cancel = scheduleDraw(() => void drawn.push('old'));
    cancel();
    scheduleDraw(() => void drawn.push('new'));
    frames.next();
    expect(drawn).toEqual(['new']);
  });

  test('continues after a drawing that throws', () => {
    const frames = createFrames();
    const drawn: string[] = [];
    const scheduleDraw = createDrawQueue(frames.onNextFrame);
    scheduleDraw(() => {
      throw new Error('no');
    });
    scheduleDraw(() => void drawn.push('next'));
    expect(() => frames.next()).toThrow('no');
    frames.next();
    expect(drawn).toEqual(['next']);
  });
});
