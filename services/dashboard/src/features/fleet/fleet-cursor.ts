import type { Fleet, FleetSensor } from '@sensor-sentinel/contracts';
import { useMemo, useRef, useState } from 'react';

/** A place at the pointer, or of the keyboard cursor. */
export interface Mark {
  sensor_id: string;
  timeMs: number;
  isCursor: boolean;
}

interface Surroundings {
  fleet: Fleet;
  /** In the order of the rows. */
  sensors: readonly FleetSensor[];
  /** The shown window. */
  range: { fromMs: number; toMs: number };
}

const pageRows = 10;

/** Where a key moves the cursor, with the row; null if the key moves nothing. The cursor starts in the newest bucket. */
export function moveCursor(
  mark: Mark | null,
  { key, ctrlKey }: { key: string; ctrlKey: boolean },
  { fleet, sensors, range }: Surroundings,
): { mark: Mark; row: number } | null {
  const lastMs = Math.min(range.toMs, Date.parse(fleet.as_of)) - 1;
  const row = Math.max(
    0,
    sensors.findIndex(({ sensor_id }) => sensor_id === mark?.sensor_id),
  );
  const timeMs = mark?.timeMs ?? lastMs;
  const last = sensors.length - 1;
  const moves: Readonly<Record<string, { row?: number; timeMs?: number }>> = {
    ArrowLeft: { timeMs: timeMs - fleet.bucket_ms },
    ArrowRight: { timeMs: timeMs + fleet.bucket_ms },
    ArrowUp: { row: row - 1 },
    ArrowDown: { row: row + 1 },
    PageUp: { row: row - pageRows },
    PageDown: { row: row + pageRows },
    Home: ctrlKey ? { row: 0 } : { timeMs: range.fromMs },
    End: ctrlKey ? { row: last } : { timeMs: lastMs },
  };
  const move = moves[key];
  if (move === undefined) return null;
  const next = Math.min(Math.max(move.row ?? row, 0), last);
  const sensor_id = sensors[next]?.sensor_id ?? '';
  const movedMs = Math.min(Math.max(move.timeMs ?? timeMs, range.fromMs), lastMs);
  return { mark: { sensor_id, timeMs: movedMs, isCursor: true }, row: next };
}

/** The sensors, which keep their order while the pointer or the focus is among them: no row moves away from a person. */
export function useHeldOrder(sensors: readonly FleetSensor[]) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const reasons = useRef(new Set<'pointer' | 'focus'>());
  return {
    sensors: useMemo(() => (held === null ? sensors : holdOrder(sensors, held)), [sensors, held]),
    hold: (reason: 'pointer' | 'focus') => {
      reasons.current.add(reason);
      setHeld((known) => known ?? sensors.map(({ sensor_id }) => sensor_id));
    },
    release: (reason: 'pointer' | 'focus') => {
      reasons.current.delete(reason);
      if (reasons.current.size === 0) setHeld(null);
    },
  };
}

/** The sensors in the order in which they were held; new ones at the end. */
export function holdOrder(sensors: readonly FleetSensor[], held: readonly string[]): readonly FleetSensor[] {
  const places = new Map(held.map((sensor_id, place) => [sensor_id, place]));
  const toPlace = ({ sensor_id }: FleetSensor) => places.get(sensor_id) ?? held.length;
  return sensors.toSorted((a, b) => toPlace(a) - toPlace(b));
}
