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

/** `from`: shown only in wide windows. */
const columns: readonly { title: string; meaning: string; from?: 'wide' }[] = [
  { title: 'Rows', meaning: 'Rows of the file that this sender has completed' },
  { title: 'Share', meaning: 'Share of the completed rows of all senders', from: 'wide' },
  { title: 'Planned/s', meaning: 'Rows per second that the schedule asks for', from: 'wide' },
  { title: 'Stored/s', meaning: 'Rows per second that the API has stored' },
  { title: 'Turned away', meaning: 'Rows that the API was too busy for, sent again later', from: 'wide' },
  { title: 'Median (ms)', meaning: 'Half of the answers took longer', from: 'wide' },
  { title: 'Slowest 1 % (ms)', meaning: 'One answer of a hundred took longer', from: 'wide' },
];

export function SendersTable({ name, senders, asOf }: SendersTableProps) {
  return (
    <ScrollRegion className={tableStyles.scroller} label={`Senders table of ${name}`}>
      <table className={tableStyles.table} aria-label={`Senders of ${name}`}>
        <thead>
          <tr>
            <th scope="col">Sender</th>
            <th scope="col">State</th>
            {columns.map(({ title, meaning, from }) => (
              <th key={title} scope="col" data-number data-from={from} title={meaning}>
                {title}
              </th>
            ))}
            <th scope="col" data-from="wide">
              Last seen
            </th>
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

function toText(value: number | null | undefined): string {
  return value == null ? '–' : formatDecimal(value, 1);
}

function SenderRow({
  sender: { sender, state, rows, share, load, last_seen },
  asOf,
}: {
  sender: Sender;
  asOf: string;
}) {
  const ago = formatDuration(Date.parse(asOf) - Date.parse(last_seen));
  const figures = [
    formatCount(rows),
    share == null ? '–' : formatPercent(share),
    toText(load?.offered_per_second),
    toText(load?.accepted_per_second),
    load === null ? '–' : formatCount(load.shed),
    toText(load?.p50_ms),
    toText(load?.p99_ms),
  ];
  return (
    <tr>
      <th scope="row">{sender}</th>
      <td className={styles.state} data-state={state}>
        <Icon name={state === 'active' ? 'play' : 'silent'} size={14} />{' '}
        {state === 'active' ? 'Active' : 'Inactive'}
      </td>
      {columns.map(({ title, from }, index) => (
        <td key={title} data-number data-from={from}>
          {figures[index]}
        </td>
      ))}
      <td data-from="wide">
        <Timestamp iso={last_seen} text={`${ago} ago`} />
      </td>
    </tr>
  );
}
