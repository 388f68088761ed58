import { describe, expect, test } from 'vitest';
import { defaultUrlState } from '../../url-state/url-state.ts';
import { zoomToEpisode } from './zoom-to-episode.ts';

const episode = {
  sensor_id: 'attic',
  state: 'closed' as const,
  start: '2026-03-01T10:00:00.000Z',
  end: '2026-03-01T10:00:02.000Z',
  closed_at: '2026-03-01T10:00:03.000Z',
  count: 3,
  peak_score: 0.9,
};

describe('zoomToEpisode', () => {
  test('selects the sensor and a minute around the episode', () => {
    const nowMs = Date.parse('2026-03-02T00:00:00.000Z');
    expect(zoomToEpisode(episode, nowMs)({ ...defaultUrlState, view: 'alerts' })).toMatchObject({
      view: 'overview',
      sensors: ['attic'],
      time: { mode: 'historical', from: '2026-03-01T09:59:00.000Z', to: '2026-03-01T10:01:03.000Z' },
    });
  });

  test('adds a quarter on both sides of a long episode, but does not end in the future', () => {
    const long = { ...episode, state: 'open' as const, closed_at: null, end: '2026-03-01T14:00:00.000Z' };
    const nowMs = Date.parse('2026-03-01T14:00:10.000Z');
    expect(zoomToEpisode(long, nowMs)(defaultUrlState).time).toMatchObject({
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-01T14:00:10.000Z',
    });
  });
});
