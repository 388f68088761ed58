import type { System } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount, formatDecimal } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import styles from './system.module.css';

/** The database and the versions of the software: both of one query. */
export function SystemPanels() {
  const api = useApi();
  const query = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => api.getSystem(signal),
    refetchInterval: refreshIntervalMs,
  });
  if (query.data === undefined) {
    return <PanelFallback title="System" query={query} bones={{ count: 3, height: 60 }} />;
  }
  const panel = { query: { ...query, isHeld: true } };
  return (
    <>
      <Panel title="Database" {...panel}>
        <Database database={query.data.database} />
      </Panel>
      <Panel title="Versions" {...panel}>
        <Facts facts={listVersions(query.data)} />
        <RulesFaults file={query.data.rules_file} />
      </Panel>
    </>
  );
}

/** The other tables are small. */
const listedTables = 8;

function Database({ database: { fault, server } }: Pick<System, 'database'>) {
  return (
    <>
      {fault === null ? (
        <p className={styles.state} data-state="running">
          <Icon name="check" /> Works: readings are stored and read.
        </p>
      ) : (
        <p className={styles.fault} role="alert">
          <Icon name="offline" /> {fault}
        </p>
      )}
      {server !== null && (
        <>
          <Facts
            facts={[
              { name: 'Server', value: server.version },
              {
                name: 'Free connections',
                value: `${formatCount(server.max_connections - server.connections)} of ${formatCount(server.max_connections)}`,
              },
              {
                name: 'Size of all tables',
                value: formatBytes(server.tables.reduce((sum, { bytes }) => sum + bytes, 0)),
              },
            ]}
          />
          <SimpleTable
            label="Largest tables"
            columns={[
              { title: 'Table' },
              { title: 'Rows, about', isNumber: true, meaning: 'An estimate of the server' },
              { title: 'Size', isNumber: true },
            ]}
            rows={server.tables.slice(0, listedTables).map(({ name, rows, bytes }) => ({
              key: name,
              cells: [name, formatCount(rows), formatBytes(bytes)],
            }))}
          />
        </>
      )}
    </>
  );
}

/** `0 kB`, `830 kB`, `12.4 MB` */
function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${formatDecimal(bytes / 1e6)} MB`;
}

function listVersions({ as_of, api, database, models, rules_file }: System): Fact[] {
  const runningMs = Date.parse(as_of) - Date.parse(api.started_at);
  return [
    { name: 'API', value: api.version },
    {
      name: 'Running for',
      value: <Timestamp iso={api.started_at} text={formatDuration(runningMs)} />,
    },
    { name: 'Node.js', value: api.node },
    { name: 'Database schema', value: database.server?.schema ?? '–' },
    ...models.map(({ type, model }) => ({
      name: models.length === 1 ? 'Model in use' : `Model in use for ${type}`,
      value: model ?? 'none',
    })),
    { name: 'Rules file', value: describeRulesFile(rules_file) },
  ];
}

function describeRulesFile(file: System['rules_file']): string {
  if (file === null) return 'none';
  return `${file.name}: ${formatAmount(file.rules, 'rule')}, ${formatAmount(file.receivers, 'receiver')}`;
}

function RulesFaults({ file }: { file: System['rules_file'] }) {
  if (file === null || file.faults.length === 0) return null;
  return (
    <div className={styles.fault} role="alert">
      <p>
        <Icon name="offline" /> The rules file has faults, so its last valid version is used:
      </p>
      <ul>
        {file.faults.map(({ line, column, message }) => (
          <li key={`${line}:${column} ${message}`}>
            Line {line}: {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
