import { v5 } from 'uuid';

const namespace = '6b1f6e0c-5d0c-5f0b-9a5e-3f1d3c0a8f6e';

/** What makes an incident this one. */
export interface IncidentIdentity {
  /** The key of the sensor. */
  sensor: number;
  /** Name and version of the rule. */
  ruleKey: string;
  openedMs: number;
  /** The reading that opened it; null if a due time did. */
  openedSeq: number | null;
}

/** The id of an incident. It follows from its identity, so that writing the incident again finds the stored one. */
export function toIncidentId({ sensor, ruleKey, openedMs, openedSeq }: IncidentIdentity): string {
  return v5(JSON.stringify([sensor, ruleKey, openedMs, openedSeq]), namespace);
}
