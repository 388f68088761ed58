import type { Pool } from 'mysql2/promise';
import type { TypeRegistry } from '../types/type-registry.ts';
import { type ActiveRule, type RulesOfFile, toActiveRules } from './active-rules.ts';
import { listPersonRules } from './rule-rows.ts';

interface ActiveRulesOptions {
  types: TypeRegistry;
  pool: Pool;
  rulesOfFile: () => RulesOfFile;
}

/** All rules in use now. Refreshes the sensor types. @throws StorageError */
export async function listActiveRules({
  types,
  pool,
  rulesOfFile,
}: ActiveRulesOptions): Promise<ActiveRule[]> {
  await types.refresh();
  return toActiveRules({
    file: rulesOfFile().rules,
    people: await listPersonRules(pool),
    types: types.list().map(({ name }) => name),
    defaultType: types.defaultName,
  });
}
