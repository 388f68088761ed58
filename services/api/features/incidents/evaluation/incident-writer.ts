import type { Severity } from '@sensor-sentinel/contracts';
import type { Statement, Transaction } from '../../../storage/connection.ts';
import { fromSqlId, toSqlId, toSqlTime } from '../../../storage/sql-values.ts';
import type { IncidentChange, ToChangeStatements } from '../incident-changes.ts';
import { type IncidentRecord, toIncidentStatements } from '../incident-rows.ts';
import type { FoundIncident } from './evaluators.ts';
import { type RenderTemplate, toIncidentRecord, toRecordId } from './to-incident-record.ts';

export interface WriterOptions {
  render: RenderTemplate;
  toChangeStatements: ToChangeStatements;
}

export type IncidentWriter = ReturnType<typeof createIncidentWriter>;

/**
 * Collects incidents until they are written. An incident that only has more readings may wait.
 * @param stored the ids of the stored incidents that have not cleared
 */
export function createIncidentWriter(
  { render, toChangeStatements }: WriterOptions,
  stored: Iterable<string>,
) {
  let open = new Set(stored);
  let waiting = new Map<string, FoundIncident>();
  let hasChanges = false;

  function toChanges(record: IncidentRecord): IncidentChange[] {
    const { id, rule, severity, clearedMs } = record;
    const change = { id, rule, severity };
    return [
      ...(open.has(id) ? [] : [{ ...change, state: 'firing' as const }]),
      ...(clearedMs === null ? [] : [{ ...change, state: 'cleared' as const }]),
    ];
  }

  return {
    add(incidents: readonly FoundIncident[]): void {
      for (const incident of incidents) {
        const id = toRecordId(incident);
        waiting.set(id, incident);
        hasChanges ||= !open.has(id) || incident.found.clearedMs !== null;
      }
    },
    /** Whether an incident began or ended. */
    hasChanges: () => hasChanges,
    toStatements(): Statement[] {
      const records = Array.from(waiting.values(), (incident) => toIncidentRecord(incident, render));
      const changes = records.flatMap(toChanges);
      return [...toIncidentStatements(records), ...(changes.length > 0 ? toChangeStatements(changes) : [])];
    },
    /** Call after the commit of `toStatements`, with the incidents that have not cleared if they are known. */
    written(stillOpen?: Iterable<string>): void {
      for (const [id, { found }] of waiting)
        if (found.clearedMs === null) open.add(id);
        else open.delete(id);
      if (stillOpen) open = new Set(stillOpen);
      waiting = new Map();
      hasChanges = false;
    },
  };
}

interface OpenRow extends Omit<IncidentChange, 'id' | 'labels' | 'state'> {
  id: Buffer;
  /** The key of the sensor. */
  sensor: number;
  rule_version: string;
  severity: Severity;
}

/** What identifies the rule and the sensor of an incident that has not cleared. */
export function toOpenKey(ruleKey: string, sensor: number): string {
  return `${ruleKey} ${sensor}`;
}

/**
 * Clears the stored incidents that no rule has any more: it was changed or removed. Returns the ids of all others that have
 * not cleared. @param isOpen whether the evaluation has an open incident with this `toOpenKey`
 */
export async function clearOrphans(
  { select, change }: Transaction,
  isOpen: (key: string) => boolean,
  { nowMs, toChangeStatements }: { nowMs: number; toChangeStatements: ToChangeStatements },
): Promise<string[]> {
  const rows = await select<OpenRow>({
    sql: 'SELECT id, sensor, rule, rule_version, severity FROM incidents WHERE cleared_at IS NULL',
  });
  const isKept = ({ rule, rule_version, sensor }: OpenRow) =>
    isOpen(toOpenKey(`${rule}@${rule_version}`, sensor));
  const orphans = rows.filter((row) => !isKept(row)).map(toCleared);
  if (orphans.length > 0) {
    await change({
      sql: 'UPDATE incidents SET cleared_at = GREATEST(opened_at, ?) WHERE id IN (?)',
      values: [toSqlTime(nowMs), orphans.map(({ id }) => toSqlId(id))],
    });
    for (const statement of toChangeStatements(orphans)) await change(statement);
  }
  return rows.filter(isKept).map(({ id }) => fromSqlId(id));
}

function toCleared({ id, rule, severity }: OpenRow): IncidentChange {
  return { id: fromSqlId(id), rule, severity, state: 'cleared' };
}
