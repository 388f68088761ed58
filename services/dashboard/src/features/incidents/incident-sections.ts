import type { Incident } from '@sensor-sentinel/contracts';
import { useState } from 'react';

export interface IncidentSection {
  title: string;
  incidents: readonly Incident[];
}

type Holder = 'pointer' | 'focus';

interface Held {
  by: readonly Holder[];
  /** As they were when the first one began to hold them. */
  sections: readonly IncidentSection[];
}

/** The sections of the list. While they are held, no incident moves, and new ones are only counted. */
export function useSections(incidents: readonly Incident[]) {
  const [held, setHeld] = useState<Held>({ by: [], sections: [] });
  const sections = held.by.length === 0 ? toSections(incidents) : updateSections(held.sections, incidents);

  function hold(holder: Holder) {
    setHeld((before) => {
      if (before.by.includes(holder)) return before;
      return { by: [...before.by, holder], sections: before.by.length === 0 ? sections : before.sections };
    });
  }

  function release(holder: Holder) {
    setHeld((before) => ({ ...before, by: before.by.filter((by) => by !== holder) }));
  }

  const shown = sections.flatMap((section) => section.incidents);
  return { sections, shown, hidden: countNew(shown, incidents), hold, release };
}

/** Those that are active now, and those that have ended. */
export function toSections(incidents: readonly Incident[]): IncidentSection[] {
  const parts = [
    { title: 'Active now', incidents: incidents.filter(({ state }) => state === 'firing') },
    { title: 'Ended', incidents: incidents.filter(({ state }) => state === 'cleared') },
  ];
  return parts.filter((section) => section.incidents.length > 0);
}

/** The same incidents in the same places, as they are now. */
export function updateSections(
  sections: readonly IncidentSection[],
  incidents: readonly Incident[],
): IncidentSection[] {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  return sections.map(({ title, incidents: shown }) => {
    return { title, incidents: shown.map((incident) => byId.get(incident.id) ?? incident) };
  });
}

/** How many of the incidents are not shown. */
export function countNew(shown: readonly Incident[], incidents: readonly Incident[]): number {
  const ids = new Set(shown.map(({ id }) => id));
  return incidents.filter(({ id }) => !ids.has(id)).length;
}

/** The incidents before and after one in a list, and its place in it from 1 on; null if it is not in the list. */
export function findNeighbors(incidents: readonly Incident[], id: string) {
  const index = incidents.findIndex((incident) => incident.id === id);
  if (index === -1) return null;
  return { place: index + 1, previous: incidents[index - 1]?.id, next: incidents[index + 1]?.id };
}
