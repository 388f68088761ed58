import type { Replay } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './system.module.css';

type Sender = Replay['senders'][number];

interface SendersTableProps {
  name: string;
  senders: readonly Sender[];
  /** Time of the response, by the clock of the API. */
  asOf: string;
}

export function SendersTable({ name, senders, asOf }: SendersTableProps) {
  return (
    <SimpleTable
      label={`Senders of ${name}`}
      columns={columns}
      rows={senders.map((sender) => ({ key: sender.sender, cells: toCells(sender, asOf) }))}
    />
  );
}

const wide = { isNumber: true, isWide: true };

const columns: readonly SimpleColumn[] = [
  { title: 'Sender' },
  { title: 'State' },
  { title: 'Rows', isNumber: true, meaning: 'Rows of the file that this sender has completed' },
  { title: 'Share', ...wide, meaning: 'Share of the completed rows of all senders' },
  { title: 'Planned/s', ...wide, meaning: 'Rows per second that the schedule asks for' },
  { title: 'Stored/s', isNumber: true, meaning: 'Rows per second that the API has stored' },
  { title: 'Turned away', ...wide, meaning: 'Rows that the API was too busy for, sent again later' },
  { title: 'Median (ms)', ...wide, meaning: 'Half of the answers took longer' },
  { title: 'Slowest 1 % (ms)', ...wide, meaning: 'One answer of a hundred took longer' },
  { title: 'Last seen', isWide: true },
];

function toCells({ sender, state, rows, share, load, last_seen }: Sender, asOf: string) {
  const ago = formatDuration(Date.parse(asOf) - Date.parse(last_seen));
  return [
    sender,
    <span key="state" className={styles.state} data-state={state}>
      <Icon name={state === 'active' ? 'play' : 'silent'} size={14} />{' '}
      {state === 'active' ? 'Active' : 'Inactive'}
    </span>,
    formatCount(rows),
    share == null ? '–' : formatPercent(share),
    toText(load?.offered_per_second),
    toText(load?.accepted_per_second),
    load === null ? '–' : formatCount(load.shed),
    toText(load?.p50_ms),
    toText(load?.p99_ms),
    <Timestamp key="seen" iso={last_seen} text={`${ago} ago`} />,
  ];
}

function toText(value: number | null | undefined): string {
  return value == null ? '–' : formatDecimal(value, 1);
}
