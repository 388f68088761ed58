import { Panel } from '../features/panel/panel.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import styles from '../features/system/ledger.module.css';
import { LedgerTable } from '../features/system/ledger-table.tsx';
import { ledgerCounts, toMeanings } from '../features/system/ledger-words.ts';
import { useLedger } from '../features/system/use-ledger.ts';
import { Facts } from '../ui/facts.tsx';
import { formatAmount, formatCount } from '../ui/format-number.ts';

/** Counts of all readings ever received, by outcome. */
export function LedgerView() {
  const query = useLedger();
  if (query.data === undefined) {
    return (
      <div className={styles.grid}>
        <PanelFallback title="Ledger" query={query} bones={{ count: 3, height: 120 }} />
      </div>
    );
  }
  const { sensors, totals, unattributed, next_after } = query.data;
  const panel = { query: { ...query, isHeld: true } };
  return (
    <div className={styles.grid}>
      <Panel title="Totals" {...panel} aside="all sensors, since the first reading">
        <Facts
          isDense
          facts={[
            ...ledgerCounts.map(({ name, title }) => ({ name: title, value: formatCount(totals[name]) })),
            { name: 'Unattributed rejected', value: formatCount(unattributed.rejected) },
            { name: 'Unattributed conflicts', value: formatCount(unattributed.conflicts) },
          ]}
        />
      </Panel>
      <Panel
        title="By sensor"
        {...panel}
        aside={
          next_after === null
            ? formatAmount(sensors.length, 'sensor')
            : `the first ${formatAmount(sensors.length, 'sensor')} by name; there are more`
        }
      >
        <LedgerTable sensors={sensors} />
      </Panel>
      <Panel title="Definitions" {...panel}>
        <dl className={styles.meanings}>
          {toMeanings(query.data).map(({ word, meaning }) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Panel>
    </div>
  );
}
