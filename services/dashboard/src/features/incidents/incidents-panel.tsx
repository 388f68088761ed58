import { Empty } from '../../ui/empty.tsx';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { IncidentDialog } from './incident-dialog.tsx';
import styles from './incidents.module.css';
import { IncidentsTable } from './incidents-table.tsx';
import { NotificationProblems, NotificationSwitches } from './notification-switches.tsx';
import { useIncidents } from './use-incidents.ts';

const advice = {
  live: 'Choose a longer time range to look further back.',
  paused: 'Zoom out, or resume live.',
  historical: 'Choose another start and end.',
} as const;

/** The incidents of the selected window, and the details of the one that the URL names. */
export function IncidentsPanel() {
  const open = useUrlState().state.incident;
  const query = useIncidents();
  const known = query.data?.incidents.find(({ id }) => id === open);
  return (
    <>
      <Incidents query={query} />
      {open !== null && <IncidentDialog key={open} id={open} known={known} />}
    </>
  );
}

function Incidents({ query }: { query: ReturnType<typeof useIncidents> }) {
  if (query.data === undefined)
    return <PanelFallback title="Incidents" query={query} bones={{ count: 6, height: 36 }} />;
  const { incidents, firing } = query.data;
  const amount = `${formatAmount(incidents.length, 'incident')}${query.hasNextPage ? ' and more' : ''}`;
  return (
    <Panel
      title="Incidents"
      query={query}
      aside={
        <>
          <NotificationSwitches />
          <span role="status">{`${amount}, ${formatCount(firing)} active`}</span>
        </>
      }
    >
      <NotificationProblems />
      {incidents.length === 0 ? <NoIncidents /> : <IncidentsTable incidents={incidents} />}
      {query.hasNextPage && (
        <button
          type="button"
          className={styles.more}
          disabled={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? 'Loading…' : 'Show more incidents'}
        </button>
      )}
    </Panel>
  );
}

function NoIncidents() {
  const { time, sensors } = useUrlState().state;
  return (
    <Empty title="No incidents in this window">
      {advice[time.mode]}
      {sensors.length > 0 && ' Only the selected sensors are shown.'}
    </Empty>
  );
}
