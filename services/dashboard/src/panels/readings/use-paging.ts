import { useState } from 'react';
import type { PagePlace } from '../../api/use-readings.ts';

interface Paging {
  question: string;
  /** Of the pages after the first, up to the one shown. */
  places: PagePlace[];
}

/** Where in the pages the viewer is; another question begins at its first page. */
export function usePaging(question: string) {
  const [paging, setPaging] = useState<Paging>({ question, places: [] });
  const places = paging.question === question ? paging.places : [];
  return {
    place: places.at(-1) ?? null,
    pageIndex: places.length,
    goNext: (place: PagePlace) => setPaging({ question, places: [...places, place] }),
    goPrevious: () => setPaging({ question, places: places.slice(0, -1) }),
    goFirst: () => setPaging({ question, places: [] }),
  };
}
