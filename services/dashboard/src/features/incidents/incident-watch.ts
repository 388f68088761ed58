import type { Incident, IncidentsPage } from '@sensor-sentinel/contracts';

type Page = Pick<IncidentsPage, 'incidents' | 'next_cursor'>;

/**
 * @returns a function that finds, in pages of firing incidents, those that began to fire after the first page and that nobody
 * has acknowledged; oldest first
 */
export function createIncidentWatch(): (page: Page) => Incident[] {
  const known = new Set<string>();
  let since: string | null = null;

  function isNew({ id, opened_at, acknowledged }: Incident): boolean {
    return since !== null && opened_at >= since && !known.has(id) && acknowledged === null;
  }

  return ({ incidents, next_cursor }) => {
    const found = incidents.filter(isNew);
    for (const { id } of incidents) known.add(id);
    // When incidents on this page end, older ones move up from the next page: these are not new.
    since ??= next_cursor === null ? '' : (incidents.at(-1)?.opened_at ?? '');
    return found.toReversed();
  };
}
