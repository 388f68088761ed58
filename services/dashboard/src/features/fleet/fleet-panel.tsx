import type { Fleet } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.ts';
import { useTheme } from '../../ui/theme/theme-provider.tsx';
import { useSensorStates } from '../alerts/use-alerts.ts';
import { TableDisclosure } from '../charts/table-disclosure.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { EmptyWindow } from '../time/empty-window.tsx';
import { goHistorical, toShownWindow } from '../url-state/time-transitions.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';
import { describeRows, fleetColumns, listFleetRows } from './describe-fleet.ts';
import styles from './fleet.module.css';
import { fleetPalettes } from './fleet-canvas.tsx';
import { type ChosenPlace, toChosenWindow } from './fleet-cells.ts';
import { FleetGrid } from './fleet-grid.tsx';

const title = 'Fleet';
/** The other panels are refreshed every 5 s. Here, every 10 s is enough, because a bucket covers a minute or more. */
const everyMs = 8000;

/** A row per sensor with its anomalies, silences and incidents over time. A place opens that sensor at that time. */
export function FleetPanel() {
  const query = useWindowQuery({ route: 'fleet', get: (api) => api.getFleet, everyMs });
  const { state, push } = useUrlState();
  const api = useApi();
  const fleet = usePresentStates(query.data);
  if (fleet === undefined)
    return <PanelFallback title={title} query={query} bones={{ count: 5, height: 20 }} />;
  // A fixed window is drawn at once, even while it is loading; a live window as of the last fetch.
  const { from, to } =
    state.time.mode === 'live' ? { from: fleet.from, to: fleet.shownTo } : toShownWindow(state.time, 0);

  function open(place: ChosenPlace) {
    const window = toChosenWindow(place, api.now());
    push((current) => ({
      ...current,
      view: 'overview',
      sensors: [place.sensor.sensor_id],
      time: window === null ? current.time : goHistorical(current.time, window),
    }));
  }

  return (
    <Panel title={title} query={query} aside={<span>{describeRows(fleet)}</span>}>
      {fleet.sensors.length === 0 ? (
        <EmptyWindow />
      ) : (
        <>
          <FleetGrid fleet={fleet} range={{ fromMs: Date.parse(from), toMs: Date.parse(to) }} onOpen={open} />
          <Legend />
          <FleetTable fleet={fleet} />
        </>
      )}
    </Panel>
  );
}

/** With the states that the rest of the page shows, which the stream keeps up to date. */
function usePresentStates<Given extends Fleet>(fleet: Given | undefined): Given | undefined {
  const present = useSensorStates();
  return useMemo(() => {
    if (fleet === undefined) return undefined;
    const states = new Map(present);
    const sensors = fleet.sensors.map((sensor) => {
      const state = states.get(sensor.sensor_id) ?? sensor.state;
      return { ...sensor, state };
    });
    return { ...fleet, sensors };
  }, [fleet, present]);
}

function FleetTable({ fleet }: { fleet: Fleet }) {
  return <TableDisclosure title={title} columns={fleetColumns} listRows={() => listFleetRows(fleet)} />;
}

const levelTitles = [
  [0, 'No anomalies'],
  [1, 'under 5 %'],
  [2, '5 to 20 %'],
  [3, '20 to 50 %'],
  [4, '50 % and more'],
] as const;

function Legend() {
  const palette = fleetPalettes[useTheme().resolved];
  const hasModel = useSensorType().model !== null;
  const hatch = `repeating-linear-gradient(-45deg, ${palette.hatch} 0 1.5px, ${palette.empty} 1.5px 5px)`;
  return (
    <ul className={styles.legend} aria-label="Legend">
      {levelTitles.map(([level, text]) => (
        <li key={level}>
          <span className={styles.swatch} style={{ background: palette.levels[level] }} />{' '}
          {level > 0 || hasModel ? text : 'Not scored'}
        </li>
      ))}
      <li>
        <span className={styles.swatch} style={{ background: palette.empty }} /> No readings
      </li>
      <li>
        <span className={styles.swatch} style={{ background: hatch }} /> Silent
      </li>
      <li>
        <span className={styles.swatch} style={{ border: `2px solid ${palette.incident}` }} /> Incident
      </li>
      <li>
        <span className={styles.swatch} style={{ border: `2px solid ${palette.firing}` }} /> Firing
      </li>
    </ul>
  );
}
