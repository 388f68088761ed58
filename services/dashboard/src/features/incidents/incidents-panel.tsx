import { Empty } from '../../ui/empty.tsx';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { IncidentDialog } from './incident-dialog.tsx';
import styles from './incidents.module.css';
import { IncidentsTable } from './incidents-table.tsx';
import { type Refusal, useNotificationChoice } from './notification-choice.tsx';
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
          <NotificationSwitch />
          <span role="status">{`${amount}, ${formatCount(firing)} active`}</span>
        </>
      }
    >
      <NotificationRefusal />
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

function NotificationSwitch() {
  const { isOn, choose } = useNotificationChoice();
  return (
    <label className={styles.notify}>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        onChange={({ target }) => void choose(target.checked)}
      />
      Notify me in this browser
    </label>
  );
}

const reasons: Readonly<Record<Refusal, string>> = {
  insecure:
    'Browsers show notifications only of pages on HTTPS or on localhost. Open the dashboard there, or add a receiver.',
  unsupported: 'This browser cannot show notifications of this page. Use another browser, or add a receiver.',
  denied:
    'The browser blocks notifications of this page. Allow them in its settings for this site, then turn on the switch again.',
  dismissed:
    'Notifications need your permission. Turn on the switch again, and allow them when the browser asks.',
};

/** Why the switch stayed off, and what to do. */
function NotificationRefusal() {
  const { refusal } = useNotificationChoice();
  if (refusal === null) return null;
  return (
    <p role="alert" className={styles.refusal}>
      {reasons[refusal]}
    </p>
  );
}
