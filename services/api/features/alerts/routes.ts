import { type Alerts, alertsQuerySchema, episodesQuerySchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { coalesce } from '../../coalesce.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { findAlerts } from './find-alerts.ts';
import { listEpisodes } from './list-episodes.ts';

interface AlertRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  /** For the first page of all sensors in `GET /alerts`, which must be fast even while `pool` is busy. */
  following: Pool;
  querying: WorkLimit;
  now: () => Date;
  silentAfterMs: number;
}

/** `/alerts`: the current state of all sensors; `/alerts/episodes`: past anomalies. */
export function createAlertRoutes({
  types,
  pool,
  following,
  querying,
  now,
  silentAfterMs,
}: AlertRoutesOptions): Router {
  const router = Router();
  const firstPages = new WeakMap<LoadedType, () => Promise<Alerts>>();

  /** Every dashboard polls the first page. */
  function findFirstPage(type: LoadedType): Promise<Alerts> {
    const find =
      firstPages.get(type) ?? coalesce(() => findAlerts(following, type, { now: now(), silentAfterMs }));
    firstPages.set(type, find);
    return find();
  }

  addGet(router, '/alerts', async ({ query }, response) => {
    const { cursor, sensor_id: sensors, type: name } = parseRequest(alertsQuerySchema, query);
    const type = await types.require(name);
    const findPage = () => findAlerts(pool, type, { now: now(), silentAfterMs, cursor, sensors });
    const isFirst = cursor === undefined && sensors === undefined;
    response.json(await (isFirst ? findFirstPage(type) : querying(findPage)));
  });
  addGet(router, '/alerts/episodes', async ({ query }, response) => {
    const episodesQuery = parseRequest(episodesQuerySchema, query);
    const type = await types.require(episodesQuery.type);
    response.json(await querying(() => listEpisodes(pool, type, episodesQuery)));
  });
  return router;
}
