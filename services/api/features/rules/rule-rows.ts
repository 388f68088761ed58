import { maxRules, type Rule, ruleSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { change, inTransaction, type Select, selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';
import type { PersonRule } from './active-rules.ts';

interface RuleRow {
  name: string;
  /** JSON */
  definition: string;
  changed_at: string;
}

/** The rules that people made, in the order of their names. @throws StorageError */
export async function listPersonRules(pool: Pool): Promise<PersonRule[]> {
  const sql = 'SELECT name, definition, changed_at FROM rules ORDER BY name';
  const rows = await selectRows<RuleRow>(pool, { sql });
  return rows.map(({ definition, changed_at }) => ({
    rule: ruleSchema.parse(JSON.parse(definition)),
    changed_at: fromSqlTimestamp(changed_at),
  }));
}

interface StoredRule {
  rule: Rule;
  version: string;
  at: Date;
}

/**
 * Stores a rule in place of that of the same name. Resolves to whether there was none. With `mustBeNew`, there must be none.
 * @throws ApiError `rule_exists`, `limit_reached`; StorageError
 */
export function storeRule(pool: Pool, stored: StoredRule, { mustBeNew }: { mustBeNew: boolean }) {
  return inTransaction(pool, async (transaction): Promise<boolean> => {
    const { name } = stored.rule;
    const sql = 'SELECT name FROM rules WHERE name = ? FOR UPDATE';
    const [known] = await transaction.select({ sql, values: [name] });
    if (known !== undefined && mustBeNew) throw toRuleExists(name);
    if (known === undefined) await requireCapacity(transaction.select);
    await transaction.change({
      sql: `INSERT INTO rules (name, definition, version, changed_at) VALUES (?) ON DUPLICATE KEY UPDATE
        definition = VALUES(definition), version = VALUES(version), changed_at = VALUES(changed_at)`,
      values: [[name, JSON.stringify(stored.rule), stored.version, toSqlTimestamp(stored.at.toISOString())]],
    });
    return known === undefined;
  });
}

async function requireCapacity(select: Select): Promise<void> {
  const [counted] = await select<{ rules: number }>({ sql: 'SELECT COUNT(*) AS rules FROM rules' });
  if ((counted?.rules ?? 0) < maxRules) return;
  throw new ApiError('limit_reached', { detail: `There are already ${maxRules} rules. Delete one first.` });
}

function toRuleExists(name: string): ApiError {
  const detail = `There is already a rule ${JSON.stringify(name)}. Choose another name, or change the rule with PUT.`;
  return new ApiError('rule_exists', { detail });
}

/** Resolves to whether a rule had this name. @throws StorageError */
export async function deleteRule(pool: Pool, name: string): Promise<boolean> {
  return (await change(pool, { sql: 'DELETE FROM rules WHERE name = ?', values: [name] })).affectedRows > 0;
}
