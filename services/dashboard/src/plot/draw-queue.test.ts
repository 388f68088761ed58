import { describe, expect, test } from 'vitest';
import { createDrawQueue } from './draw-queue.ts';

function createFrames() {
  const asked: (() => void)[] = [];
  return {
    onNextFrame: (draw: () => void) => void asked.push(draw),
    count: () => asked.length,
    next: () => asked.shift()?.(),
  };
}

describe('createDrawQueue', () => {
  test('draws one thing per frame, in order', () => {
    const frames = createFrames();
    const drawn: string[] = [];
    const drawSoon = createDrawQueue(frames.onNextFrame);
    for (const name of ['a', 'b', 'c']) drawSoon(() => void drawn.push(name));
    expect(drawn).toEqual([]);
    frames.next();
    expect(drawn).toEqual(['a']);
    frames.next();
    frames.next();
    expect(drawn).toEqual(['a', 'b', 'c']);
    expect(frames.count()).toBe(0);
  });

  test('leaves out what is cancelled before its turn', () => {
    const frames = createFrames();
    const drawn: string[] = [];
    const drawSoon = createDrawQueue(frames.onNextFrame);
    const cancel = drawSoon(() => void drawn.push('old'));
    cancel();
    drawSoon(() => void drawn.push('new'));
    frames.next();
    expect(drawn).toEqual(['new']);
  });

  test('goes on after a drawing that fails', () => {
    const frames = createFrames();
    const drawn: string[] = [];
    const drawSoon = createDrawQueue(frames.onNextFrame);
    drawSoon(() => {
      throw new Error('no');
    });
    drawSoon(() => void drawn.push('next'));
    expect(() => frames.next()).toThrow('no');
    frames.next();
    expect(drawn).toEqual(['next']);
  });
});
