import { inferenceRequestSchema, type ServerMetadata } from '@sensor-sentinel/contracts';
import { type NextFunction, type Request, type Response, Router } from 'express';
import { ApiError } from '../../http/errors.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet, jsonBody, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { TypeRegistry } from '../types/type-registry.ts';
import { infer, toMetadata } from './infer.ts';
import type { ModelRegistry } from './model-registry.ts';
import type { ModelsInUse } from './models-in-use.ts';
import { binaryRefusal } from './read-tensors.ts';
import type { ServedModel } from './served-model.ts';

const metadata: ServerMetadata = { name: 'sensor-sentinel', version: packageJson.version, extensions: [] };

/** The types of bodies that are JSON all the same: tritonclient sends none, and `curl -d` that of forms. */
const untypedJson = [undefined, 'application/x-www-form-urlencoded'];

interface InferenceOptions {
  types: Pick<TypeRegistry, 'defaultName'>;
  inUse: ModelsInUse;
  registry: ModelRegistry;
  maxBodyBytes: number;
  inferring: WorkLimit;
}

/** A type, because Express requires an index signature, which an interface does not get. */
type ModelParams = { name: string; version?: string };

/** The routes of the Open Inference Protocol (KServe v2) below `/v2`. They score without storing anything. */
export function createInferenceRoutes(options: InferenceOptions): Router {
  const { types, inUse, registry, inferring, maxBodyBytes } = options;
  const router = Router();

  addGet(router, '/v2', (_request, response) => {
    response.json(metadata);
  });
  addGet(router, '/v2/health/live', (_request, response) => {
    response.json({ live: true });
  });
  addGet(router, '/v2/health/ready', (_request, response) => {
    const fault = inUse.fault(types.defaultName);
    if (fault) throw new ApiError(fault.code, { detail: fault.detail, retryAfterSeconds: 1 });
    response.json({ live: true, ready: true });
  });
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    addGet<ModelParams>(router, path, ({ params }, response) => {
      const { name, model, versions } = findModel(registry, params);
      response.json(toMetadata(name, model, versions));
    });
    addGet<ModelParams>(router, `${path}/ready`, ({ params }, response) => {
      const { name } = findModel(registry, params);
      response.json({ name, ready: true });
    });
    router
      .route(`${path}/infer`)
      .post(
        refuseBinary,
        jsonBody(maxBodyBytes, untypedJson),
        async (request: Request<ModelParams>, response: Response) => {
          const named = findModel(registry, request.params);
          const inference = parseRequest(inferenceRequestSchema, request.body);
          response.json(await inferring(() => infer(inference, named)));
        },
      )
      .all(refuseMethod('POST'));
  }
  return router;
}

interface NamedModel {
  name: string;
  versions: readonly string[];
  model: ServedModel;
}

/** Finds a model by the name of its artifact or file, and by version, the start of its hash. @throws ApiError `not_found` */
function findModel(registry: ModelRegistry, { name, version }: ModelParams): NamedModel {
  const models = registry.findAll(name);
  const model = version === undefined ? models[0] : models.find((candidate) => candidate.version === version);
  const versions = [...new Set(models.map((candidate) => candidate.version))];
  if (model) return { name, versions, model };
  const known = version === undefined ? registry.loaded().map((loaded) => loaded.name) : versions;
  const what =
    version === undefined || versions.length === 0 ? `model ${name}` : `version ${version} of ${name}`;
  throw new ApiError('not_found', { detail: `There is no ${what}. Loaded: ${known.join(', ') || 'none'}.` });
}

/** The binary tensor data extension puts the tensors after the JSON. */
function refuseBinary(request: Request, _response: Response, next: NextFunction): void {
  const isBinary = request.is('application/octet-stream') || request.get('inference-header-content-length');
  if (isBinary) throw new ApiError('validation_failed', { detail: `inputs: ${binaryRefusal}` });
  next();
}
