import { basename } from 'node:path';
import type { System } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { cacheBriefly } from '../../coalesce.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { findDatabaseFault } from '../../storage/find-database-fault.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import type { LoadedRules } from '../rules/load-rules-file.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { findServer } from './find-server.ts';

const noQuerySchema = z.strictObject({});

/** The database is asked at most once in this interval, regardless of the number of requests. */
const databaseIntervalMs = 2000;

interface SystemOptions {
  types: TypeRegistry;
  inUse: ModelsInUse;
  pool: Pool;
  now: () => Date;
  /** RULES_FILE. */
  rulesFile: string | undefined;
  rulesOfFile: () => LoadedRules;
}

/** `GET /system`: answers 200 while the database does not, and says why. */
export function createSystemRoutes(options: SystemOptions): Router {
  const { types, inUse, pool, now, rulesFile, rulesOfFile } = options;
  const router = Router();
  const startedAt = now().toISOString();
  const describeDatabase = cacheBriefly(() => findDatabase(pool), { maxAgeMs: databaseIntervalMs });
  addGet(router, '/system', async ({ query }, response) => {
    parseRequest(noQuerySchema, query);
    const answer: System = {
      api: { version: packageJson.version, node: process.versions.node, started_at: startedAt },
      database: await describeDatabase(),
      models: types.list().map(({ name }) => ({ type: name, model: inUse.active(name)?.name ?? null })),
      rules_file: rulesFile === undefined ? null : describeRules(rulesFile, rulesOfFile()),
      as_of: now().toISOString(),
    };
    response.json(answer);
  });
  return router;
}

async function findDatabase(pool: Pool): Promise<System['database']> {
  const [fault, server] = await Promise.all([
    findDatabaseFault(pool),
    findServer(pool).catch(() => null), // the fault says why
  ]);
  return { fault: fault ?? null, server };
}

function describeRules(file: string, { rules, receivers, faults }: LoadedRules): System['rules_file'] {
  return { name: basename(file), rules: rules.length, receivers: receivers.length, faults: [...faults] };
}
