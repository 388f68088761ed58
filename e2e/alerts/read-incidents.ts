import {
  type IncidentsPage,
  incidentsPageSchema,
  type RuleSensorState,
  rulesAnswerSchema,
} from '@sensor-sentinel/contracts';
import axios from 'axios';

/** The first page of the incidents. */
export async function readIncidents(apiUrl: string): Promise<IncidentsPage> {
  const { data } = await axios.get<unknown>(`${apiUrl}/incidents?limit=200`);
  return incidentsPageSchema.parse(data);
}

/** The sensors for which a rule is not in the state `normal`. */
export async function readStates(apiUrl: string): Promise<RuleSensorState[]> {
  const { data } = await axios.get<unknown>(`${apiUrl}/rules`);
  return rulesAnswerSchema.parse(data).rules.flatMap(({ states }) => states);
}
