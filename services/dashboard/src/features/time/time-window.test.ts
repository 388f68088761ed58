import { describe, expect, test } from 'vitest';
import { scaleWindow, shiftWindow } from './time-window.ts';

const window = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:10:00.000Z' };
const muchLater = Date.parse('2026-11-23T00:00:00.000Z');

describe('scaleWindow', () => {
  test('narrows around the center', () => {
    expect(scaleWindow(window, 0.5, muchLater)).toEqual({
      from: '2026-11-22T10:02:30.000Z',
      to: '2026-11-22T10:07:30.000Z',
    });
  });

  test('widens into the past if it would end in the future', () => {
    expect(scaleWindow(window, 2, Date.parse(window.to))).toEqual({
      from: '2026-11-22T09:50:00.000Z',
      to: '2026-11-22T10:10:00.000Z',
    });
  });

  test('is at least one second long', () => {
    expect(scaleWindow(window, 0, muchLater)).toEqual({
      from: '2026-11-22T10:04:59.500Z',
      to: '2026-11-22T10:05:00.500Z',
    });
  });
});

describe('shiftWindow', () => {
  test('moves back by half its length', () => {
    expect(shiftWindow(window, -0.5, muchLater)).toEqual({
      from: '2026-11-22T09:55:00.000Z',
      to: '2026-11-22T10:05:00.000Z',
    });
  });

  test('stops at now, with the same length', () => {
    expect(shiftWindow(window, 0.5, Date.parse('2026-11-22T10:12:00.000Z'))).toEqual({
      from: '2026-11-22T10:02:00.000Z',
      to: '2026-11-22T10:12:00.000Z',
    });
  });
});
