import { useEpisodes } from '../../api/use-episodes.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { formatAmount, formatCount } from '../../format/format-number.ts';
import { useSensorType, useUrlState } from '../../url-state/url-state-context.ts';
import styles from './alerts-view.module.css';
import { EpisodesTable } from './episodes-table.tsx';

const advice = {
  live: 'Choose a longer time range to look further back.',
  paused: 'Zoom out, or resume live.',
  historical: 'Choose another start and end.',
} as const;

/** The alert episodes of the selected window. */
export function EpisodesPanel() {
  const query = useEpisodes();
  const episodes = query.data;
  if (episodes === undefined)
    return <PanelFallback title="Episodes" query={query} bones={{ count: 6, height: 36 }} />;
  const open = episodes.filter(({ state }) => state === 'open').length;
  const amount = `${formatAmount(episodes.length, 'episode')}${query.hasNextPage ? ' and more' : ''}`;
  return (
    <Panel
      title="Episodes"
      query={query}
      aside={<span role="status">{`${amount}, ${formatCount(open)} open`}</span>}
    >
      {episodes.length === 0 ? <NoEpisodes /> : <EpisodesTable episodes={episodes} />}
      {query.hasNextPage && (
        <button
          type="button"
          className={styles.more}
          disabled={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? 'Loading…' : 'Show older episodes'}
        </button>
      )}
    </Panel>
  );
}

function NoEpisodes() {
  const { time, sensors } = useUrlState().state;
  const { model } = useSensorType();
  if (model === null)
    return <Empty title="No model yet">Anomalies are found once a model scores the readings.</Empty>;
  return (
    <Empty title="No anomalies in this window">
      {advice[time.mode]}
      {sensors.length > 0 && ' Only the selected sensors are shown.'}
    </Empty>
  );
}
