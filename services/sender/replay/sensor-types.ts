import {
  climateType,
  defaultTypeName,
  sensorTypeInputSchema,
  type TypeAnswer,
  toIssueTexts,
  typeAnswerSchema,
  typesSchema,
} from '@sensor-sentinel/contracts';
import type { Log } from '../log.ts';
import type { TypeChoice } from '../source/choose-type.ts';
import type { ControlClient } from './control-client.ts';
import { ReplayFault } from './leases.ts';

const { features } = climateType;

/** What an API that does not know types has, and what is assumed of one that does not answer. */
const assumedTypes: readonly TypeAnswer[] = [
  {
    name: defaultTypeName,
    features: features.map((feature) => ({ ...feature, decimals: null })),
    is_default: true,
    model: 'unknown',
  },
];

interface TypesRequest {
  control: ControlClient;
  signal: AbortSignal;
}

/** The sensor types of the API; undefined when stopped. @throws ReplayFault */
export async function listTypes({
  control,
  signal,
}: TypesRequest): Promise<readonly TypeAnswer[] | undefined> {
  const delivery = await control.send({ method: 'get', url: '/types', schema: typesSchema, signal });
  if (delivery.outcome === 'unfinished') return undefined;
  if (delivery.outcome === 'accepted') return delivery.body.types;
  if (delivery.status === 404) return assumedTypes;
  throw new ReplayFault(`GET /types: ${delivery.detail}`);
}

/** Like `listTypes`, but in one attempt: a dry run does not need the API. */
export async function peekTypes({
  control,
  signal,
  log,
}: TypesRequest & { log: Log }): Promise<readonly TypeAnswer[]> {
  const reply = await control.request({ method: 'get', url: '/types', signal });
  const types = 'body' in reply ? typesSchema.safeParse(reply.body).data?.types : undefined;
  if (types === undefined && !('status' in reply && reply.status === 404))
    log(`the API does not say which sensor types there are; assumes that there is only ${defaultTypeName}`);
  return types ?? assumedTypes;
}

/** Makes the type, unless it exists with the same features. @throws ReplayFault */
export async function makeType(
  choice: TypeChoice,
  { control, signal, log }: TypesRequest & { log: Log },
): Promise<void> {
  const { name, features: made } = choice;
  const parsed = sensorTypeInputSchema.safeParse({ name, features: made });
  if (!parsed.success) {
    throw new ReplayFault(`cannot make the type ${name}: ${toIssueTexts(parsed.error).join('; ')}`);
  }
  const delivery = await control.send({
    ...{ method: 'post', url: '/types', toData: () => parsed.data, schema: typeAnswerSchema, signal },
  });
  if (delivery.outcome === 'unfinished') return;
  if (delivery.outcome !== 'accepted')
    throw new ReplayFault(`cannot make the type ${name}: ${delivery.detail}; --type takes another type`);
  log(describeNewType('made', choice));
}

export function describeNewType(verb: string, { name, features: made }: TypeChoice): string {
  const shown = made.map((feature) =>
    feature.unit === '' ? feature.name : `${feature.name} [${feature.unit}]`,
  );
  return `${verb} the sensor type ${name}: ${shown.join(', ')}`;
}
