import { type Delivery, deliveryStateSchema } from '@sensor-sentinel/contracts';
import { useId, useState } from 'react';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { capitalize, deliveryIcons, describeMessage } from './describe-receiver.ts';
import styles from './receivers.module.css';
import { type DeliveryFilter, useDeliveries, useReceivers } from './use-receivers.ts';

const title = 'Delivery log';

/** Every message to a receiver, and what became of it. */
export function DeliveriesPanel() {
  const [filter, setFilter] = useState<DeliveryFilter>({ receiver: undefined, state: undefined });
  const query = useDeliveries(filter);
  if (query.data === undefined)
    return <PanelFallback title={title} query={query} bones={{ count: 4, height: 36 }} />;
  const isFiltered = filter.receiver !== undefined || filter.state !== undefined;
  return (
    <Panel
      title={title}
      query={{ ...query, isHeld: true }}
      aside={<DeliveryFilters filter={filter} onChange={setFilter} />}
    >
      {query.data.length === 0 ? (
        <Empty title={isFiltered ? 'No messages match the filter' : 'No messages yet'}>
          {isFiltered
            ? 'Choose another receiver or state.'
            : 'Each message about an incident will be listed here. To see whether a receiver works, send it a test message; the log does not have these.'}
        </Empty>
      ) : (
        <DeliveriesTable deliveries={query.data} />
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className={styles.more}
          disabled={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? 'Loading…' : 'Show more messages'}
        </button>
      )}
    </Panel>
  );
}

interface DeliveryFiltersProps {
  filter: DeliveryFilter;
  onChange: (filter: DeliveryFilter) => void;
}

function DeliveryFilters({ filter, onChange }: DeliveryFiltersProps) {
  const receivers = useReceivers().data ?? [];
  return (
    <>
      <Filter
        label="Receiver"
        value={filter.receiver}
        options={receivers.map(({ name }) => [name, name] as const)}
        onChange={(receiver) => onChange({ ...filter, receiver })}
      />
      <Filter
        label="State"
        value={filter.state}
        options={deliveryStateSchema.options.map((state) => [state, capitalize(state)] as const)}
        onChange={(state) => onChange({ ...filter, state })}
      />
    </>
  );
}

interface FilterProps {
  label: string;
  value: string | undefined;
  options: readonly (readonly [value: string, title: string])[];
  onChange: (value: string | undefined) => void;
}

function Filter({ label, value, options, onChange }: FilterProps) {
  const id = useId();
  return (
    <span className={styles.filter}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={({ target }) => onChange(target.value || undefined)}>
        <option value="">All</option>
        {options.map(([option, title]) => (
          <option key={option} value={option}>
            {title}
          </option>
        ))}
      </select>
    </span>
  );
}

function DeliveriesTable({ deliveries }: { deliveries: readonly Delivery[] }) {
  return (
    <div className={styles.log}>
      <SimpleTable
        label={title}
        columns={[
          { title: 'Time' },
          { title: 'State' },
          { title: 'Receiver' },
          { title: 'Rule' },
          {
            title: 'Incidents',
            meaning: 'The number of incidents in the message, and what it says about them',
          },
          { title: 'Attempts', isNumber: true },
          { title: 'Last error' },
        ]}
        rows={deliveries.map((delivery) => ({ key: delivery.id, cells: toCells(delivery) }))}
      />
    </div>
  );
}

function toCells(delivery: Delivery) {
  const { created_at, receiver, rule, state, attempts, last_error } = delivery;
  return [
    <Timestamp key="time" iso={created_at} isShort />,
    <span key="state" className={styles.state} data-state={state}>
      <Icon name={deliveryIcons[state]} size={14} /> {capitalize(state)}
    </span>,
    <bdi key="receiver">{receiver}</bdi>,
    <bdi key="rule">{rule}</bdi>,
    describeMessage(delivery),
    attempts,
    last_error ?? '–',
  ];
}
