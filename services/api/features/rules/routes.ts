import {
  type ListedRule,
  nameSchema,
  type Rule,
  type RulesAnswer,
  ruleSchema,
} from '@sensor-sentinel/contracts';
import { type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest, toValidationError } from '../../http/parse-request.ts';
import { jsonBody, refuseMethod } from '../../http/routes.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { type ActiveRule, type RulesOfFile, toRuleVersion } from './active-rules.ts';
import { listActiveRules } from './list-active-rules.ts';
import { findStatesByRule, type StatesByRule } from './listed-states.ts';
import { deleteRule, storeRule } from './rule-rows.ts';
import { findTemplateFaults } from './template.ts';

const paramsSchema = z.object({ name: nameSchema });
const noQuerySchema = z.strictObject({});

interface RuleRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  maxBodyBytes: number;
  now: () => Date;
  rulesOfFile: () => RulesOfFile;
}

/** `/rules`: all rules with their states. Those of people can be changed. */
export function createRuleRoutes(options: RuleRoutesOptions): Router {
  const { types, pool, changing, maxBodyBytes, now, rulesOfFile } = options;
  const router = Router();
  const body = jsonBody(maxBodyBytes);

  const listActive = () => listActiveRules({ types, pool, rulesOfFile });

  async function store(given: unknown, response: Response, mustBeNew: boolean): Promise<void> {
    const rule = parseRequest(ruleSchema, given);
    refuseRuleOfFile(rulesOfFile(), rule.name);
    const type = await types.require(rule.type);
    requireFeature(rule, type);
    requireTemplates(rule);
    const stored = { rule, version: toRuleVersion(rule, type.name), at: now() };
    const isNew = await storeRule(changing, stored, { mustBeNew });
    const active = (await listActive()).find(({ rule: { name } }) => name === rule.name);
    if (active === undefined) throw toMissingRule(rule.name); // deleted meanwhile
    response.status(isNew ? 201 : 200).json(toListedRule(active, await findStatesByRule(pool)));
  }

  router
    .route('/rules')
    .get(async ({ query }, response) => {
      parseRequest(noQuerySchema, query);
      const states = await findStatesByRule(pool);
      const rules = (await listActive()).map((active) => toListedRule(active, states));
      const answer: RulesAnswer = { rules, faults: [...rulesOfFile().faults] };
      response.json(answer);
    })
    .post(body, (request, response) => store(request.body, response, true))
    .all(refuseMethod('GET, HEAD, POST'));

  router
    .route('/rules/:name')
    .put(body, async (request, response) => {
      const { name } = parseRequest(paramsSchema, request.params);
      const given = parseRequest(z.looseObject({ name: z.unknown().optional() }), request.body);
      if (given.name !== undefined && given.name !== name)
        throw toValidationError([{ path: 'name', message: 'expected the name in the path, or no name' }]);
      await store({ ...given, name }, response, false);
    })
    .delete(async ({ params }, response) => {
      const { name } = parseRequest(paramsSchema, params);
      refuseRuleOfFile(rulesOfFile(), name);
      if (!(await deleteRule(changing, name))) throw toMissingRule(name);
      response.status(204).end();
    })
    .all(refuseMethod('DELETE, PUT'));

  return router;
}

function toListedRule({ rule, type, origin, changed_at, key }: ActiveRule, states: StatesByRule): ListedRule {
  return { ...rule, type, origin, changed_at, ...(states[key] ?? { counts: {}, states: [] }) };
}

function refuseRuleOfFile({ rules }: RulesOfFile, name: string): void {
  if (!rules.some((rule) => rule.name === name)) return;
  const detail = `The rule ${JSON.stringify(name)} comes from the file that RULES_FILE names. Change it there.`;
  throw new ApiError('rule_read_only', { detail });
}

function requireFeature({ condition }: Rule, { name: type, featureNames }: LoadedType): void {
  if (!('feature' in condition) || featureNames.includes(condition.feature)) return;
  const message = `the sensor type ${type} has no such feature: expected one of ${featureNames.join(', ')}`;
  throw toValidationError([{ path: 'condition.feature', message }]);
}

function requireTemplates({ annotations, labels }: Rule): void {
  const errors = Object.entries(annotations).flatMap(([name, text]) =>
    findTemplateFaults(text ?? '', Object.keys(labels)).map((message) => ({
      path: `annotations.${name}`,
      message,
    })),
  );
  if (errors.length > 0) throw toValidationError(errors);
}

function toMissingRule(name: string): ApiError {
  const detail = `No person has made a rule ${JSON.stringify(name)}. GET /rules lists all rules.`;
  return new ApiError('not_found', { detail });
}
