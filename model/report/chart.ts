import type { Point } from '../evaluation/curves.ts';
import { escapeHtml } from './html.ts';

const width = 360;
const height = 320;
const left = 44;
const right = 12;
const top = 10;
const bottom = 44;
const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface Frame {
  readonly label: string;
  readonly x: string;
  readonly y: string;
}

/**
 * A chart whose axes both run from 0 to 1.
 *
 * @param marks SVG drawn inside the axes
 */
export function shareChart({ label, x, y }: Frame, marks: string): string {
  const grid = ticks.map(
    (tick) => `M${place([tick, 0])}L${place([tick, 1])}M${place([0, tick])}L${place([1, tick])}`,
  );
  const texts = ticks.map((tick) => {
    const [column, row] = [toX(tick), toY(tick)].map(round);
    return `<text x="${column}" y="${round(toY(0)) + 17}" text-anchor="middle">${tick}</text><text x="${left - 7}" y="${row + 4}" text-anchor="end">${tick}</text>`;
  });
  const middle = round(toY(0.5));
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">
<path class="grid" d="${grid.join('')}"/><path class="axis" d="M${place([0, 1])}L${place([0, 0])}L${place([1, 0])}"/>
${texts.join('')}
<text x="${round(toX(0.5))}" y="${height - 6}" text-anchor="middle">${escapeHtml(x)}</text>
<text transform="translate(11 ${middle}) rotate(-90)" text-anchor="middle">${escapeHtml(y)}</text>
${marks}
</svg>`;
}

/** A line through the points. */
export function curve(
  points: readonly Point[],
  { family, title }: { family: string; title: string },
): string {
  const path = withoutStraight(points).map(place).join('L');
  return `<path class="curve" style="--family:var(--${family})" d="M${path}"><title>${escapeHtml(title)}</title></path>`;
}

/** The line of a random score. */
export function chanceLine(from: Point, to: Point): string {
  return `<path class="chance" d="M${place(from)}L${place(to)}"/>`;
}

export function dot(
  at: Point,
  { family, radius, title }: { family: string; radius: number; title: string },
): string {
  const [x, y] = [toX(at[0]), toY(at[1])].map(round);
  return `<circle class="dot" style="--family:var(--${family})" cx="${x}" cy="${y}" r="${round(radius)}"><title>${escapeHtml(title)}</title></circle>`;
}

/** Drops points on a horizontal or vertical line between their neighbors. */
function withoutStraight(points: readonly Point[]): Point[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return true;
    return [0, 1].every((axis) => before[axis] !== point[axis] || point[axis] !== after[axis]);
  });
}

function place([x, y]: Point): string {
  return `${round(toX(x))} ${round(toY(y))}`;
}

function toX(share: number): number {
  return left + share * (width - left - right);
}

function toY(share: number): number {
  return height - bottom - share * (height - top - bottom);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
