import { type Incident, toRuleSeverity } from '@sensor-sentinel/contracts';
import { toIncidentId } from '../incident-ids.ts';
import type { IncidentRecord } from '../incident-rows.ts';
import type { FoundIncident } from './evaluators.ts';

/** What a template may name. */
export type TemplateFields = Pick<
  Incident,
  | 'rule'
  | 'type'
  | 'severity'
  | 'state'
  | 'started_at'
  | 'opened_at'
  | 'last_seen_at'
  | 'cleared_at'
  | 'readings'
  | 'anomalies'
  | 'peak_score'
  | 'labels'
> & { sensor: string };

/** Fills in the fields of an annotation. */
export type RenderTemplate = (text: string, fields: TemplateFields) => string;

const defaultSummary = '{{ sensor }}: {{ rule }}';

export function toRecordId({ rule, found }: FoundIncident): string {
  const { sensor, openedMs, openedSeq } = found;
  return toIncidentId({ sensor, ruleKey: rule.key, openedMs, openedSeq });
}

/** The incident as it is stored, with its texts as they are now. */
export function toIncidentRecord(incident: FoundIncident, render: RenderTemplate): IncidentRecord {
  const { type, rule: active, sensorName, found } = incident;
  const { name, labels, annotations } = active.rule;
  const severity = toRuleSeverity(active.rule);
  const { rule: _, openedSeq: _seq, ...facts } = found;
  const fields: TemplateFields = {
    rule: name,
    sensor: sensorName,
    type: type.name,
    severity,
    state: found.clearedMs === null ? 'firing' : 'cleared',
    started_at: new Date(found.startedMs).toISOString(),
    opened_at: new Date(found.openedMs).toISOString(),
    last_seen_at: new Date(found.lastSeenMs).toISOString(),
    cleared_at: found.clearedMs === null ? null : new Date(found.clearedMs).toISOString(),
    readings: found.readings,
    anomalies: found.anomalies,
    peak_score: found.peakScore,
    labels,
  };
  return {
    ...facts,
    id: toRecordId(incident),
    type: type.id,
    rule: name,
    ruleVersion: active.version,
    severity,
    labels,
    summary: render(annotations.summary ?? defaultSummary, fields),
    description: render(annotations.description ?? '', fields),
  };
}
