import { useId, useState } from 'react';
import { formatCount } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { Timestamp } from '../time/timestamp.tsx';
import { arrangeSensors, type LedgerColumn, type LedgerOrder, type LedgerSensor } from './arrange-sensors.ts';
import styles from './ledger.module.css';
import { ledgerCounts } from './ledger-words.ts';

const pageRows = 50;

const columns: readonly { name: LedgerColumn; title: string; isNumber: boolean }[] = [
  { name: 'sensor_id', title: 'Sensor', isNumber: false },
  ...ledgerCounts.map((count) => ({ ...count, isNumber: true })),
  { name: 'first_seen', title: 'First seen', isNumber: false },
  { name: 'last_seen', title: 'Last seen', isNumber: false },
];

export function LedgerTable({ sensors }: { sensors: readonly LedgerSensor[] }) {
  const [order, setOrder] = useState<LedgerOrder>({ column: 'sensor_id', isDescending: false });
  const [search, setSearch] = useState('');
  const [chosenPage, setChosenPage] = useState(0);
  const id = useId();
  const arranged = arrangeSensors(sensors, order, search);
  const pages = Math.max(1, Math.ceil(arranged.length / pageRows));
  const page = Math.min(chosenPage, pages - 1);

  function sort(column: LedgerColumn) {
    const isSame = column === order.column;
    setOrder({ column, isDescending: isSame ? !order.isDescending : column !== 'sensor_id' });
    setChosenPage(0);
  }

  return (
    <>
      <div className={styles.search}>
        <label htmlFor={id}>Find a sensor</label>
        <input
          id={id}
          type="search"
          autoComplete="off"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      <ScrollRegion className={tableStyles.scroller} label="Ledger table">
        <table className={`${tableStyles.table} ${styles.table}`} aria-label="Ledger by sensor">
          <thead>
            <tr>
              {columns.map((column) => (
                <ColumnHeader key={column.name} {...column} order={order} onSort={() => sort(column.name)} />
              ))}
            </tr>
          </thead>
          <tbody>
            {arranged.slice(page * pageRows, (page + 1) * pageRows).map((sensor) => (
              <SensorRow key={sensor.sensor_id} sensor={sensor} />
            ))}
          </tbody>
        </table>
        {arranged.length === 0 && (
          <p className={styles.none}>
            {sensors.length === 0 ? 'No sensor has sent a reading yet.' : 'No matching sensors.'}
          </p>
        )}
      </ScrollRegion>
      {pages > 1 && <Pager page={page} pages={pages} onTurn={setChosenPage} />}
    </>
  );
}

interface ColumnHeaderProps {
  name: LedgerColumn;
  title: string;
  isNumber: boolean;
  order: LedgerOrder;
  onSort: () => void;
}

function ColumnHeader({ name, title, isNumber, order, onSort }: ColumnHeaderProps) {
  const direction = order.isDescending ? 'descending' : 'ascending';
  const isSorted = order.column === name;
  return (
    <th scope="col" data-number={isNumber || undefined} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" className={tableStyles.sort} data-sorted={isSorted || undefined} onClick={onSort}>
        {title} <Icon name={isSorted ? direction : 'sortable'} size={14} />
      </button>
    </th>
  );
}

function SensorRow({ sensor }: { sensor: LedgerSensor }) {
  return (
    <tr>
      <th scope="row">{sensor.sensor_id}</th>
      {ledgerCounts.map(({ name }) => (
        <td key={name} data-number data-nothing={sensor[name] === 0 || undefined}>
          {formatCount(sensor[name])}
        </td>
      ))}
      {[sensor.first_seen, sensor.last_seen].map((iso, position) => (
        <td key={position === 0 ? 'first' : 'last'}>{iso === null ? '–' : <Timestamp iso={iso} />}</td>
      ))}
    </tr>
  );
}

function Pager({ page, pages, onTurn }: { page: number; pages: number; onTurn: (page: number) => void }) {
  return (
    <nav className={styles.pager} aria-label="Pages of the ledger">
      <span>
        Page {page + 1} of {pages}
      </span>
      <button type="button" disabled={page === 0} onClick={() => onTurn(page - 1)}>
        Previous
      </button>
      <button type="button" disabled={page === pages - 1} onClick={() => onTurn(page + 1)}>
        Next
      </button>
    </nav>
  );
}
