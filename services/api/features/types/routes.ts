import {
  sensorTypeChangeSchema,
  sensorTypeInputSchema,
  type TypeAnswer,
  typeNameSchema,
} from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { jsonBody, refuseMethod } from '../../http/routes.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import { changeType, deleteType, insertType, toMissingType } from './change-types.ts';
import type { LoadedType } from './sensor-type.ts';
import type { TypeRegistry } from './type-registry.ts';
import { dropView } from './views.ts';

const paramsSchema = z.object({ type: typeNameSchema });

interface TypeRoutesOptions {
  types: TypeRegistry;
  inUse: ModelsInUse;
  /** For transactions. */
  changing: Pool;
  writeViews: () => Promise<void>;
  maxBodyBytes: number;
  maxTypes: number;
}

/** `/types` and `/types/{type}`. */
export function createTypeRoutes(options: TypeRoutesOptions): Router {
  const { types, inUse, changing, writeViews, maxBodyBytes, maxTypes } = options;
  const router = Router();

  function toAnswer({ name, features }: LoadedType): TypeAnswer {
    const model = inUse.active(name)?.name ?? null;
    return { name, features, is_default: name === types.defaultName, model };
  }

  async function requireType(name: string): Promise<LoadedType> {
    await types.refresh();
    const type = types.find(name);
    if (type === undefined) throw toMissingType(name);
    return type;
  }

  router
    .route('/types')
    .get(async (_request, response) => {
      await types.refresh();
      response.json({ types: types.list().map(toAnswer) });
    })
    .post(jsonBody(maxBodyBytes), async ({ body }, response) => {
      const given = parseRequest(sensorTypeInputSchema, body);
      const isNew = await insertType(changing, given, maxTypes);
      const type = await requireType(given.name);
      await writeViews();
      response.status(isNew ? 201 : 200).json(toAnswer(type));
    })
    .all(refuseMethod('GET, HEAD, POST'));

  router
    .route('/types/:type')
    .get(async ({ params }, response) => {
      response.json(toAnswer(await requireType(params.type)));
    })
    .patch(jsonBody(maxBodyBytes), async ({ params, body }, response) => {
      const { type: name } = parseRequest(paramsSchema, params);
      await changeType(changing, name, parseRequest(sensorTypeChangeSchema, body));
      const type = await requireType(name);
      await writeViews();
      response.json(toAnswer(type));
    })
    .delete(async ({ params }, response) => {
      const { type: name } = parseRequest(paramsSchema, params);
      if (name === types.defaultName)
        throw new ApiError('type_in_use', { detail: `${name} is the default type: set DEFAULT_TYPE first.` });
      await deleteType(changing, name);
      await dropView(changing, name);
      await types.refresh();
      response.status(204).end();
    })
    .all(refuseMethod('DELETE, GET, HEAD, PATCH'));

  return router;
}
