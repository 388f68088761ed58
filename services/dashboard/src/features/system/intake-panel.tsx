import type { Ledger } from '@sensor-sentinel/contracts';
import { createColumnHelper, sortFn_alphanumeric, sortFn_basic, useTable } from '@tanstack/react-table';
import { useId, useMemo, useState } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { VirtualTable, virtualTableFeatures } from '../../ui/virtual-table.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './system.module.css';
import { useLedger } from './use-system.ts';

const title = 'Data intake';

/** What became of all readings that were ever sent, in total and by sensor. */
export function IntakePanel() {
  const query = useLedger();
  if (query.data === undefined) {
    return <PanelFallback title={title} query={query} bones={{ count: 3, height: 80 }} />;
  }
  const { totals, unattributed, sensors, next_after } = query.data;
  const unknown = unattributed.rejected + unattributed.conflicts;
  return (
    <Panel
      title={title}
      query={{ ...query, isHeld: true }}
      aside={
        next_after === null
          ? 'all readings since the first one'
          : `only the first ${formatAmount(sensors.length, 'sensor')} by name are listed`
      }
    >
      <Facts
        isDense
        facts={[
          ...listCounts(query.data).map(({ name, title }) => ({
            name: title,
            value: formatCount(totals[name]),
          })),
          ...(unknown === 0 ? [] : [{ name: 'Rejected, sensor unknown', value: formatCount(unknown) }]),
        ]}
      />
      <IntakeTable ledger={query.data} />
      <details className={styles.meanings}>
        <summary>What the columns mean</summary>
        <dl>
          {listCounts(query.data).map(({ name, title, meaning }) => (
            <div key={name} className={styles.meaning}>
              <dt>{title}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Panel>
  );
}

type LedgerSensor = Ledger['sensors'][number];

function IntakeTable({ ledger }: { ledger: Ledger }) {
  const id = useId();
  const [search, setSearch] = useState('');
  const { sensors, late_after_ms, gap_after_ms } = ledger;
  const columns = useMemo(
    () => createColumns({ late_after_ms, gap_after_ms }),
    [late_after_ms, gap_after_ms],
  );
  const found = useMemo(() => {
    const text = search.trim().toLowerCase();
    return sensors.filter(({ sensor_id }) => sensor_id.toLowerCase().includes(text));
  }, [sensors, search]);
  const table = useTable({
    features: virtualTableFeatures,
    columns,
    data: found,
    getRowId: ({ sensor_id }) => sensor_id,
    enableSortingRemoval: false,
    initialState: { sorting: [{ id: 'sensor_id', desc: false }] },
  });
  return (
    <>
      <search className={styles.search}>
        <label htmlFor={id}>Find a sensor</label>
        <input
          id={id}
          type="search"
          autoComplete="off"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <span role="status">{search !== '' && `${formatAmount(found.length, 'sensor')} found`}</span>
      </search>
      {sensors.length === 0 ? (
        <p className={styles.quiet}>No sensor has sent a reading yet.</p>
      ) : (
        <VirtualTable table={table} label="Data intake by sensor" total={found.length} isCompact />
      )}
    </>
  );
}

const helper = createColumnHelper<typeof virtualTableFeatures, LedgerSensor>();

function createColumns(limits: Limits) {
  return helper.columns([
    helper.accessor('sensor_id', { header: 'Sensor', sortFn: sortFn_alphanumeric, size: 180 }),
    ...listCounts(limits).map(({ name, title, meaning, isWide }) =>
      helper.accessor(name, {
        header: title,
        cell: ({ getValue }) => <Count count={getValue()} />,
        sortFn: sortFn_basic,
        sortDescFirst: true,
        size: 110,
        meta: { isNumber: true, meaning, smallSize: 74, ...(isWide === true && { from: 'wide' as const }) },
      }),
    ),
    helper.accessor(({ last_seen }) => last_seen ?? '', {
      id: 'last_seen',
      header: 'Last seen',
      cell: ({ getValue }) => (getValue() === '' ? '–' : <Timestamp iso={getValue()} />),
      sortFn: sortFn_basic,
      sortDescFirst: true,
      size: 180,
      meta: { from: 'wide' },
    }),
  ]);
}

function Count({ count }: { count: number }) {
  return <span className={count === 0 ? styles.quiet : undefined}>{formatCount(count)}</span>;
}

type Limits = Pick<Ledger, 'late_after_ms' | 'gap_after_ms'>;

interface IntakeCount {
  name: 'stored' | 'duplicates' | 'rejected' | 'conflicts' | 'late' | 'gaps';
  title: string;
  meaning: string;
  /** Only shown in wide windows. */
  isWide?: boolean;
}

function listCounts({ late_after_ms, gap_after_ms }: Limits): IntakeCount[] {
  const late = formatDuration(late_after_ms);
  return [
    { name: 'stored', title: 'Stored', meaning: 'Readings in the database, or deleted from it since' },
    {
      name: 'duplicates',
      title: 'Duplicates',
      meaning: 'Readings that were sent again and not stored twice',
      isWide: true,
    },
    {
      name: 'rejected',
      title: 'Rejected',
      meaning: 'Readings with a missing or impossible value, not stored',
    },
    {
      name: 'conflicts',
      title: 'Conflicts',
      meaning: 'Readings with the id of another reading, not stored',
      isWide: true,
    },
    {
      name: 'late',
      title: 'Late',
      meaning: `Stored readings that are more than ${late} older than the newest one of their sensor`,
      isWide: true,
    },
    {
      name: 'gaps',
      title: 'Gaps',
      meaning: `Pauses of a sensor of more than ${formatDuration(gap_after_ms)}`,
    },
  ];
}
