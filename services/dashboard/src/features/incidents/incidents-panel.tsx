import { Empty } from '../../ui/empty.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useSilences } from '../silences/use-silences.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { IncidentDialog } from './incident-dialog.tsx';
import { IncidentFilters, withIncidentList } from './incident-filters.tsx';
import styles from './incidents.module.css';
import { IncidentsTable } from './incidents-table.tsx';
import { NotificationProblems, NotificationSwitches } from './notification-switches.tsx';
import { shortMs, useIncidents } from './use-incidents.ts';

const advice = {
  live: 'Choose a longer time range to look further back.',
  paused: 'Zoom out, or resume live.',
  historical: 'Choose another start and end.',
} as const;

/** The incidents of the selected window, and the details of the one that the URL names. */
export function IncidentsPanel() {
  const open = useUrlState().state.incident;
  const query = useIncidents();
  useSilences();
  return (
    <>
      <Incidents query={query} />
      {open !== null && <IncidentDialog id={open} incidents={query.data?.incidents ?? []} />}
    </>
  );
}

function Incidents({ query }: { query: ReturnType<typeof useIncidents> }) {
  const { time, sensors, type, incidentList } = useUrlState().state;
  if (query.data === undefined)
    return <PanelFallback title="Incidents" query={query} bones={{ count: 6, height: 36 }} />;
  const { incidents, firing, short } = query.data;
  const amount = `${formatAmount(incidents.length, 'incident')}${query.hasNextPage ? ' and more' : ''}`;
  const shownTime = time.mode === 'live' ? time.range : [time.from, time.to];
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
      <IncidentFilters />
      {incidents.length === 0 ? (
        <NoIncidents short={short} />
      ) : (
        <IncidentsTable
          key={JSON.stringify([incidentList, shownTime, sensors, type, query.isPlaceholderData])}
          incidents={incidents}
        />
      )}
      <div className={styles.more}>
        {query.hasNextPage && (
          <button type="button" disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            {query.isFetchingNextPage ? 'Loading…' : 'Show more incidents'}
          </button>
        )}
        <ShortChoice short={short} />
      </div>
    </Panel>
  );
}

/** Shows the short incidents too, or hides them. */
function ShortChoice({ short }: { short: number }) {
  const { state, push } = useUrlState();
  const { hasShort } = state.incidentList;
  const length = formatDuration(shortMs);
  if (short === 0 && !hasShort) return null;
  return (
    <button
      type="button"
      title="Those that a person has acknowledged, resolved or labeled are always shown."
      onClick={() => push(withIncidentList({ hasShort: !hasShort }))}
    >
      {hasShort
        ? `Hide incidents shorter than ${length}`
        : `Show ${formatAmount(short, 'incident')} shorter than ${length}`}
    </button>
  );
}

function NoIncidents({ short }: { short: number }) {
  const { time, sensors, incidentList } = useUrlState().state;
  const { state, rule } = incidentList;
  if (short > 0)
    return <p className={styles.none}>No incident lasted {formatDuration(shortMs)} or longer.</p>;
  if (state !== null || rule !== null)
    return <Empty title="No incidents match the filters">Choose another state or rule.</Empty>;
  return (
    <Empty title="No incidents in this window">
      {advice[time.mode]}
      {sensors.length > 0 && ' Only the selected sensors are shown.'}
    </Empty>
  );
}
