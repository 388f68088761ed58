import { describe, expect, test } from 'vitest';
import { countNew, findNeighbors, toSections, updateSections } from './incident-sections.ts';
import { createTestIncident } from './test-incident.ts';

const firing = createTestIncident({ id: 'a', state: 'firing', cleared_at: null });
const ended = createTestIncident({ id: 'b' });

describe('toSections', () => {
  test('has active incidents first, and no empty section', () => {
    expect(toSections([firing, ended])).toEqual([
      { title: 'Active now', incidents: [firing] },
      { title: 'Ended', incidents: [ended] },
    ]);
    expect(toSections([ended])).toHaveLength(1);
  });
});

describe('updateSections', () => {
  test('keeps the places of incidents that changed or left, and shows no new one', () => {
    const cleared = { ...firing, state: 'cleared' as const };
    const newer = createTestIncident({ id: 'c', state: 'firing', cleared_at: null });
    const sections = updateSections(toSections([firing, ended]), [newer, cleared]);
    expect(sections).toEqual([
      { title: 'Active now', incidents: [cleared] },
      { title: 'Ended', incidents: [ended] },
    ]);
    expect(countNew([cleared, ended], [newer, cleared])).toBe(1);
  });
});

describe('findNeighbors', () => {
  test('knows the incidents before and after one, and its place', () => {
    const list = ['a', 'b', 'c'].map((id) => createTestIncident({ id }));
    expect(findNeighbors(list, 'a')).toEqual({ place: 1, previous: undefined, next: 'b' });
    expect(findNeighbors(list, 'b')).toEqual({ place: 2, previous: 'a', next: 'c' });
    expect(findNeighbors(list, 'd')).toBeNull();
  });
});
