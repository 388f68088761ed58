import type { Incident } from '@sensor-sentinel/contracts';
import type { Statement } from '../../storage/connection.ts';

/** An incident began or ended. */
export type IncidentChange = Pick<Incident, 'id' | 'rule' | 'severity' | 'state'>;

/**
 * What else is written in the transaction of a change, such as its notifications. A change may come again, with the same id and
 * state.
 */
export type ToChangeStatements = (changes: readonly IncidentChange[]) => readonly Statement[];
