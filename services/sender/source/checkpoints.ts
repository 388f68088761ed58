import type { Moment } from './timeline.ts';

/** A place in the file where a row begins. */
export type Place = {
  /** Counted from 0. */
  row: number;
  /** So many lines are before it. */
  line: number;
  /** In bytes. */
  offset: number;
  moment: Moment;
};

export type Checkpoints = ReturnType<typeof createCheckpoints>;

const maxPlaces = 2048;

/** Places that were passed, ever sparser in a longer file, so that going back needs no reading from the beginning. */
export function createCheckpoints() {
  let places: Place[] = [];
  let minDistance = 1;
  return {
    pass: (place: Place) => {
      const last = places.at(-1);
      if (last !== undefined && place.row < last.row + minDistance) return;
      places.push(place);
      if (places.length < maxPlaces) return;
      places = places.filter((_, index) => index % 2 === 0);
      minDistance = Math.ceil((place.row - (places[0]?.row ?? 0)) / places.length) || 1;
    },
    /** The last one that is not behind the row. */
    before: (row: number): Place | undefined => places.findLast((place) => place.row <= row),
  };
}
