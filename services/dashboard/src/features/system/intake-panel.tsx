import type { Ledger } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { createColumnHelper, sortFn_alphanumeric, sortFn_basic, useTable } from '@tanstack/react-table';
import { useId, useMemo, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import type { Api } from '../../api/client.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { Facts } from '../../ui/facts.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { VirtualTable, virtualTableFeatures } from '../../ui/virtual-table.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './system.module.css';

const title = 'Data intake';

/** What became of all readings that were ever sent, in total and by sensor. */
export function IntakePanel() {
  const query = useLedger();
  if (query.data === undefined) {
    return <PanelFallback title={title} query={query} bones={{ count: 3, height: 80 }} />;
  }
  const { totals, unattributed, sensors, next_after } = query.data;
  const unknown = unattributed.rejected + unattributed.conflicts;
  const counts = listCounts(query.data);
  const facts = counts.map(({ name, title }) => ({ name: title, value: formatCount(totals[name]) }));
  if (unknown > 0) facts.push({ name: 'Rejected, sensor unknown', value: formatCount(unknown) });
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
      <Facts isDense facts={facts} />
      <IntakeTable ledger={query.data} />
      <details className={styles.meanings}>
        <summary>What the columns mean</summary>
        <dl>
          {counts.map(({ name, title, meaning }) => (
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

function useLedger() {
  const api = useApi();
  const { type } = useUrlState().state;
  return useQuery({
    queryKey: ['ledger', type],
    queryFn: ({ signal }) => getWholeLedger(api, { type, signal }),
    refetchInterval: refreshIntervalMs,
  });
}

/** With more pages of sensors than this, only the first ones by name are fetched. */
const maxPages = 10;

/** Fetches page by page. The totals of the last page are used; they include all sensors. */
async function getWholeLedger(
  api: Api,
  { type, signal }: { type: string | undefined; signal: AbortSignal },
): Promise<Ledger> {
  let ledger = await api.getLedger({ type }, signal);
  for (let page = 1; page < maxPages && ledger.next_after !== null; page++) {
    const next = await api.getLedger({ type, after: ledger.next_after }, signal);
    ledger = { ...next, sensors: [...ledger.sensors, ...next.sensors] };
  }
  return ledger;
}

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
  if (sensors.length === 0) return <p className={styles.quiet}>No sensor has sent a reading yet.</p>;
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
      <VirtualTable table={table} label="Data intake by sensor" total={found.length} isCompact />
    </>
  );
}

const helper = createColumnHelper<typeof virtualTableFeatures, Ledger['sensors'][number]>();

function createColumns(limits: Limits) {
  return helper.columns([
    helper.accessor('sensor_id', { header: 'Sensor', sortFn: sortFn_alphanumeric, size: 180 }),
    ...listCounts(limits).map(({ name, title, meaning, isWide }) =>
      helper.accessor(name, {
        header: title,
        cell: ({ getValue }) => (
          <span className={getValue() === 0 ? styles.quiet : undefined}>{formatCount(getValue())}</span>
        ),
        sortFn: sortFn_basic,
        sortDescFirst: true,
        size: 110,
        meta: { isNumber: true, meaning, smallSize: 74, ...(isWide && { from: 'wide' }) },
      }),
    ),
  ]);
}

type Limits = Pick<Ledger, 'late_after_ms' | 'gap_after_ms'>;

interface IntakeCount {
  name: 'stored' | 'duplicates' | 'rejected' | 'conflicts' | 'late' | 'gaps';
  title: string;
  meaning: string;
  /** Shown only in wide windows. */
  isWide?: boolean;
}

function listCounts({ late_after_ms, gap_after_ms }: Limits): IntakeCount[] {
  const late = `Stored readings more than ${formatDuration(late_after_ms)} older than the newest of their sensor`;
  const gaps = `Pauses of a sensor of more than ${formatDuration(gap_after_ms)}`;
  return [
    { name: 'stored', title: 'Stored', meaning: 'Readings in the database, or deleted from it since' },
    {
      name: 'duplicates',
      title: 'Duplicates',
      meaning: 'Readings sent again, not stored twice',
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
      meaning: 'Other readings with a stored id, not stored',
      isWide: true,
    },
    { name: 'late', title: 'Late', meaning: late, isWide: true },
    { name: 'gaps', title: 'Gaps', meaning: gaps },
  ];
}
