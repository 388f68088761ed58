import type { Episode } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { toEpisodeKey } from '../../api/use-episodes.ts';
import { Icon } from '../../components/icon.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import tableStyles from '../../components/table.module.css';
import { Timestamp } from '../../components/timestamp.tsx';
import { UrlLink } from '../../components/url-link.tsx';
import { formatDuration } from '../../format/format-duration.ts';
import { formatCount, formatDecimal } from '../../format/format-number.ts';
import { toDateTimeText, toShortText } from '../../format/format-time.ts';
import { isolateName } from '../../format/isolate-name.ts';
import { useZone } from '../../url-state/url-state-context.ts';
import styles from './alerts-view.module.css';
import { zoomToEpisode } from './zoom-to-episode.ts';

export function EpisodesTable({ episodes }: { episodes: readonly Episode[] }) {
  return (
    <ScrollRegion className={tableStyles.scroller} label="Episodes table">
      <table className={`${tableStyles.table} ${styles.table}`} aria-label="Episodes">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Sensor</th>
            <th scope="col">Start</th>
            <th scope="col" data-from="middle">
              Last anomaly
            </th>
            <th scope="col" data-number>
              Duration
            </th>
            <th scope="col" data-number>
              Readings
            </th>
            <th scope="col" data-number>
              Peak score
            </th>
            <th scope="col">
              <span className="visually-hidden">Charts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {episodes.map((episode) => (
            <EpisodeRow key={toEpisodeKey(episode)} episode={episode} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function EpisodeRow({ episode }: { episode: Episode }) {
  const api = useApi();
  const zone = useZone();
  const { sensor_id, state, start, end, count, peak_score } = episode;
  const nowMs = api.now();
  const toText = (iso: string) => toShortText(new Date(iso), new Date(nowMs), zone);
  return (
    <tr className={styles.row} data-state={state}>
      <td>
        <span className={styles.state}>
          <Icon name={state === 'open' ? 'anomaly' : 'check'} /> {state === 'open' ? 'Open' : 'Closed'}
        </span>
      </td>
      <th scope="row" className={styles.sensorCell}>
        {sensor_id}
      </th>
      <td>
        <Timestamp iso={start} text={toText(start)} />
      </td>
      <td data-from="middle">
        <Timestamp iso={end} text={toText(end)} />
      </td>
      <td data-number>{formatDuration(Date.parse(end) - Date.parse(start))}</td>
      <td data-number>{formatCount(count)}</td>
      <td data-number>{formatDecimal(peak_score, 3)}</td>
      <td>
        <UrlLink className={styles.show} current={undefined} to={zoomToEpisode(episode, nowMs)}>
          Show
          <span className="visually-hidden">
            {` the episode of ${isolateName(sensor_id)} from ${toDateTimeText(new Date(start), zone)} in the charts`}
          </span>
        </UrlLink>
      </td>
    </tr>
  );
}
