import { useLayoutEffect } from 'react';
import { type ResolvedTheme, useTheme } from '../../ui/theme/theme-provider.tsx';
import styles from './fleet.module.css';
import { type Cell, type Level, toLevel } from './fleet-cells.ts';
import type { FleetRow, MarkedPlace } from './use-fleet-rows.ts';

export interface FleetPalette {
  /** From no anomalies to many: distinct by lightness, also for color-blind people. */
  levels: Readonly<Record<Level, string>>;
  empty: string;
  hatch: string;
  incident: string;
  firing: string;
  /** Around an outline, so that it stands out on any color. */
  surface: string;
  cursor: string;
}

/** Like the tokens of styles/tokens.css, which a canvas cannot read. */
export const fleetPalettes: Readonly<Record<ResolvedTheme, FleetPalette>> = {
  light: {
    levels: { 0: '#bfdde6', 1: '#f7d57e', 2: '#f0a03c', 3: '#d25a1e', 4: '#8c1d10' },
    empty: '#eceff2',
    hatch: '#7b8794',
    incident: '#17212b',
    firing: '#b3261e',
    surface: '#ffffff',
    cursor: '#0a5da6',
  },
  dark: {
    levels: { 0: '#22495a', 1: '#6d531c', 2: '#ad7322', 3: '#ee9a4d', 4: '#ffe0b0' },
    empty: '#1c242d',
    hatch: '#74818f',
    incident: '#e4eaf0',
    firing: '#ff6f5e',
    surface: '#171e26',
    cursor: '#8cc8ff',
  },
};

interface Drawing {
  rows: readonly FleetRow[];
  rowHeight: number;
  /** The keyboard cursor. */
  cursor: MarkedPlace | null;
}

interface FleetCanvasProps extends Drawing {
  canvas: HTMLCanvasElement | null;
  setCanvas: (canvas: HTMLCanvasElement | null) => void;
}

/** Draws the rows that are in view. */
export function FleetCanvas({ canvas, setCanvas, ...drawing }: FleetCanvasProps) {
  const palette = fleetPalettes[useTheme().resolved];
  useLayoutEffect(() => {
    if (canvas !== null) draw(canvas, palette, drawing);
  });
  const { rows, rowHeight } = drawing;
  const style = { top: rows[0]?.start ?? 0, height: rows.length * rowHeight };
  return <canvas ref={setCanvas} className={styles.canvas} style={style} />;
}

function draw(canvas: HTMLCanvasElement, palette: FleetPalette, { rows, rowHeight, cursor }: Drawing): void {
  const context = canvas.getContext('2d');
  if (context === null || canvas.clientHeight === 0) return;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  context.scale(ratio, ratio);
  const hatching = createHatching(context, palette);
  const height = rowHeight - 3;
  for (const [place, row] of rows.entries()) {
    const y = place * rowHeight + 1;
    for (const { x, width, cell } of row.shapes.cells) {
      context.fillStyle = cell.kind === 'readings' ? palette.levels[toLevel(cell)] : palette.empty;
      context.fillRect(x, y, toDrawnWidth(cell, width), height);
      if (cell.kind !== 'silent') continue;
      context.fillStyle = hatching;
      context.fillRect(x, y, width, height);
    }
    for (const { x, width, incident } of row.shapes.incidents) {
      const color = incident.ended_at === null ? palette.firing : palette.incident;
      outline(context, { x, y, width, height }, [palette.surface, color]);
    }
    const box = cursor?.row === row && row.shapes.cells.find(({ cell }) => cell === cursor.cell);
    if (box) outline(context, { ...box, y, height }, [palette.surface, palette.cursor]);
  }
}

/** With a gap after buckets that are wide enough for it, and without a seam between empty ones. */
function toDrawnWidth({ kind }: Cell, width: number): number {
  if (kind !== 'readings') return width + 0.5;
  return width > 6 ? width - 1 : width;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The first color is around the second, which then stands out on any other. */
function outline(context: CanvasRenderingContext2D, box: Box, colors: readonly [string, string]): void {
  for (const [place, color] of colors.entries()) {
    context.strokeStyle = color;
    context.lineWidth = place === 0 ? 4 : 2;
    context.strokeRect(box.x + 1, box.y + 1, Math.max(1, box.width - 2), box.height - 2);
  }
}

const hatchSize = 6;

/** Diagonal lines. */
function createHatching(
  context: CanvasRenderingContext2D,
  { hatch, empty }: FleetPalette,
): CanvasPattern | string {
  const tile = new OffscreenCanvas(hatchSize, hatchSize);
  const lines = tile.getContext('2d');
  if (lines === null) return empty;
  lines.strokeStyle = hatch;
  lines.lineWidth = 1.2;
  for (const offset of [-hatchSize, 0, hatchSize]) {
    lines.moveTo(offset, hatchSize);
    lines.lineTo(offset + hatchSize, 0);
  }
  lines.stroke();
  return context.createPattern(tile, 'repeat') ?? empty;
}
