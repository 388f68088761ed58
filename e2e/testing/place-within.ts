import type { Locator } from 'playwright-core';

interface Place {
  /** From the left and top edge of the other to the middle of this one, in pixels. */
  middle: { x: number; y: number };
  /** From the bottom edge of the other to that of this one, in pixels: negative above it. */
  bottom: number;
}

/** The position of an element relative to another, both measured at once, since pages move as data arrives. */
export async function placeWithin(locator: Locator, other: Locator): Promise<Place> {
  const element = await locator.elementHandle();
  if (element === null) throw new Error('no such element');
  return await other.evaluate((otherElement, measured) => {
    const around = otherElement.getBoundingClientRect();
    const { x, y, width, height, bottom } = measured.getBoundingClientRect();
    const middle = { x: x + width / 2 - around.x, y: y + height / 2 - around.y };
    return { middle, bottom: bottom - around.bottom };
  }, element);
}
