import type { Replay } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './system.module.css';

type Sender = Replay['senders'][number];

interface SendersTableProps {
  name: string;
  senders: readonly Sender[];
  /** Time of the response, by the clock of the API. */
  asOf: string;
}

const columns = [
  { title: 'Rows', meaning: 'Rows of the file that this sender has completed' },
  { title: 'Share', meaning: 'Share of the completed rows of all senders' },
  { title: 'Planned/s', meaning: 'Rows per second that the schedule asks for' },
  { title: 'Stored/s', meaning: 'Rows per second that the API has stored' },
  { title: 'Turned away', meaning: 'Rows that the API was too busy for, sent again later' },
  { title: 'Median (ms)', meaning: 'Half of the answers took longer' },
  { title: 'Slowest 1 % (ms)', meaning: 'One answer of a hundred took longer' },
] as const;

export function SendersTable({ name, senders, asOf }: SendersTableProps) {
  return (
    <ScrollRegion className={tableStyles.scroller} label={`Senders table of ${name}`}>
      <table className={tableStyles.table} aria-label={`Senders of ${name}`}>
        <thead>
          <tr>
            <th scope="col">Sender</th>
            <th scope="col">State</th>
            {columns.map(({ title, meaning }) => (
              <th key={title} scope="col" data-number title={meaning}>
                {title}
              </th>
            ))}
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {senders.map((sender) => (
            <SenderRow key={sender.sender} sender={sender} asOf={asOf} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function toText(value: number | null | undefined, digits: number): string {
  return value == null ? '–' : formatDecimal(value, digits);
}

function SenderRow({
  sender: { sender, state, rows, share, load, last_seen },
  asOf,
}: {
  sender: Sender;
  asOf: string;
}) {
  const ago = formatDuration(Date.parse(asOf) - Date.parse(last_seen));
  return (
    <tr>
      <th scope="row">{sender}</th>
      <td className={styles.state} data-state={state}>
        <Icon name={state === 'active' ? 'play' : 'silent'} size={14} />{' '}
        {state === 'active' ? 'Active' : 'Inactive'}
      </td>
      <td data-number>{formatCount(rows)}</td>
      <td data-number>{share == null ? '–' : formatPercent(share)}</td>
      <td data-number>{toText(load?.offered_per_second, 1)}</td>
      <td data-number>{toText(load?.accepted_per_second, 1)}</td>
      <td data-number>{load === null ? '–' : formatCount(load.shed)}</td>
      <td data-number>{toText(load?.p50_ms, 1)}</td>
      <td data-number>{toText(load?.p99_ms, 1)}</td>
      <td>
        <Timestamp iso={last_seen} text={`${ago} ago`} />
      </td>
    </tr>
  );
}
