import type { Fleet } from '@sensor-sentinel/contracts';
import { useId, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { describePlace, describeSensor, listPlaceLines } from './describe-fleet.ts';
import styles from './fleet.module.css';
import { FleetCanvas } from './fleet-canvas.tsx';
import type { ChosenPlace } from './fleet-cells.ts';
import { TimeAxis } from './time-axis.tsx';
import { type FleetRow, type MarkedPlace, useFleetRows, useMark } from './use-fleet-rows.ts';

interface FleetGridProps {
  fleet: Fleet;
  /** The shown window. */
  range: { fromMs: number; toMs: number };
  onOpen: (place: ChosenPlace) => void;
}

const mostRowsInView = 10;

/** A row per sensor, of which only those in view are drawn and in the DOM. */
export function FleetGrid({ fleet, range, onOpen }: FleetGridProps) {
  const id = useId();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const view = useFleetRows(fleet, range, { scroller, canvas });
  const { marked, isCursor, ...handlers } = useMark(fleet, view, onOpen);
  const { rows, rowHeight } = view;
  const cursor = isCursor ? marked : null;
  return (
    <div className={styles.frame}>
      <div ref={setScroller} className={styles.scroller} style={{ maxHeight: mostRowsInView * rowHeight }}>
        <div className={styles.rows} style={{ height: view.totalHeight }}>
          <FleetCanvas
            canvas={canvas}
            setCanvas={setCanvas}
            rows={rows}
            rowHeight={rowHeight}
            cursor={cursor}
          />
          <table
            className={styles.grid}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys move a cursor in this table
            role="grid"
            aria-label="Fleet timeline"
            aria-rowcount={view.sensors.length}
            aria-activedescendant={cursor === null ? undefined : toCellId(id, cursor.row, cursor)}
            tabIndex={0}
            {...handlers}
          >
            <tbody>
              {rows.map((row) => (
                <Row
                  key={row.sensor.sensor_id}
                  row={row}
                  height={rowHeight}
                  gridId={id}
                  cursor={cursor?.row === row ? cursor : null}
                />
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <TimeAxis scale={view.scale} />
      {marked !== null && canvas !== null && scroller !== null && (
        <Tooltip
          marked={marked}
          left={canvas.offsetLeft}
          top={marked.row.start - scroller.scrollTop}
          rowHeight={rowHeight}
        />
      )}
    </div>
  );
}

/** Another one at each place, so that screen readers read the next. */
function toCellId(gridId: string, { index }: FleetRow, cursor: MarkedPlace | null): string {
  return `${gridId}-${index}-${cursor?.timeMs ?? 'row'}`;
}

interface RowProps {
  row: FleetRow;
  height: number;
  gridId: string;
  /** The keyboard cursor, if it is in this row. */
  cursor: MarkedPlace | null;
}

function Row({ row, height, gridId, cursor }: RowProps) {
  const { state, zone } = useUrlState();
  const { index, start, sensor } = row;
  // The present state is not one of the past.
  const shown = state.time.mode === 'historical' ? null : sensor.state;
  const isFiring = sensor.incidents.some(({ ended_at }) => ended_at === null);
  const id = toCellId(gridId, row, cursor);
  return (
    <tr aria-rowindex={index + 1} className={styles.row} style={{ top: start, height }}>
      <th scope="row" className={styles.name} title={sensor.sensor_id} data-firing={isFiring || undefined}>
        {(isFiring || shown === 'anomaly') && <Icon name="anomaly" size={13} />}
        {shown === 'silent' && <Icon name="silent" size={13} />}
        <bdi>{sensor.sensor_id}</bdi>
      </th>
      <td
        key={id}
        id={id}
        className={styles.cell}
        aria-label={cursor === null ? describeSensor(sensor) : describePlace(cursor, zone)}
      />
    </tr>
  );
}

interface TooltipProps {
  marked: MarkedPlace;
  /** Of the rows, and of the marked row, in the frame. */
  left: number;
  top: number;
  rowHeight: number;
}

/** What screen readers get from the cell. Below the row, or above it in the lower half of the rows. */
function Tooltip({ marked, left, top, rowHeight }: TooltipProps) {
  const zone = useZone();
  const isAbove = top >= (mostRowsInView / 2) * rowHeight;
  const lines = listPlaceLines(marked, zone);
  if (lines.length === 0) return null;
  return (
    <div
      className={styles.tooltip}
      style={{ left: left + marked.x, top: isAbove ? top - 4 : top + rowHeight + 4 }}
      data-above={isAbove || undefined}
      data-late={marked.isLate || undefined}
      aria-hidden="true"
    >
      <strong>
        <bdi>{marked.sensor.sensor_id}</bdi>
      </strong>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
