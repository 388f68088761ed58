import { describe, expect, test } from 'vitest';
import { createIncidentWatch } from './incident-notifier.tsx';
import { createTestIncident } from './test-incident.ts';

const at = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`;
const open = (minute: number) =>
  createTestIncident({ id: `opened-${minute}`, state: 'firing', cleared_at: null, opened_at: at(minute) });

/** The ids that are found in one page after another; each page has these incidents, newest first. */
function findIn(pages: readonly { minutes: readonly number[]; next_cursor?: string }[]): string[][] {
  const watch = createIncidentWatch();
  return pages.map(({ minutes, next_cursor = null }) =>
    watch({ incidents: minutes.map(open), next_cursor }).map(({ id }) => id),
  );
}

describe('createIncidentWatch', () => {
  test('finds each incident once that was not on the first page, oldest first', () => {
    const pages = [{ minutes: [2, 1] }, { minutes: [4, 3, 2, 1] }, { minutes: [4, 3] }];
    expect(findIn(pages)).toEqual([[], ['opened-3', 'opened-4'], []]);
  });

  test('finds an incident that opened earlier by the clock of its sensor', () => {
    expect(findIn([{ minutes: [5] }, { minutes: [5, 4] }])).toEqual([[], ['opened-4']]);
    expect(findIn([{ minutes: [] }, { minutes: [4] }])).toEqual([[], ['opened-4']]);
  });

  test('leaves out an incident that is already acknowledged', () => {
    const watch = createIncidentWatch();
    watch({ incidents: [], next_cursor: null });
    const acknowledged = { at: at(2), by: 'Ada', comment: '' };
    expect(watch({ incidents: [{ ...open(1), acknowledged }], next_cursor: null })).toEqual([]);
  });

  test('does not take an old incident of the next page for a new one', () => {
    const pages = [{ minutes: [5, 4], next_cursor: 'next' }, { minutes: [4, 3] }, { minutes: [6, 4] }];
    expect(findIn(pages)).toEqual([[], [], ['opened-6']]);
  });
});
