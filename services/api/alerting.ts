import type { Logger } from 'pino';
import type { ApiConfig } from './config.ts';
import { createEvaluation } from './features/incidents/evaluation/evaluation.ts';
import { createExplainPeaks } from './features/incidents/explain-peaks.ts';
import type { ToChangeStatements } from './features/incidents/incident-changes.ts';
import { findIncidentsByIds, listFiringIncidents } from './features/incidents/incident-rows.ts';
import { listSilences } from './features/incidents/silences.ts';
import type { ModelRegistry } from './features/models/model-registry.ts';
import { createDeliverer } from './features/notifications/deliverer.ts';
import { toOutboxStatements } from './features/notifications/outbox.ts';
import type { Receiver } from './features/notifications/receivers.ts';
import { createReceiversInUse, type ReceiversInUse } from './features/notifications/receivers-in-use.ts';
import { createRepeats } from './features/notifications/repeats.ts';
import { createSend } from './features/notifications/send.ts';
import { sendTest } from './features/notifications/send-test.ts';
import { listActiveRules } from './features/rules/list-active-rules.ts';
import type { LoadedRules } from './features/rules/load-rules-file.ts';
import { createRulesFile } from './features/rules/rules-file.ts';
import { renderTemplate } from './features/rules/template.ts';
import type { OwnArrivals } from './features/stream/own-arrivals.ts';
import type { TypeRegistry } from './features/types/type-registry.ts';
import type { WorkLimit } from './http/work-limit.ts';
import type { Pools } from './storage/pool.ts';

export interface Surroundings {
  log: Logger;
  now: () => Date;
  /** The variables that the rules file may name. */
  environment: Readonly<Record<string, string | undefined>>;
}

interface AlertingParts {
  pools: Pools;
  types: TypeRegistry;
  registry: ModelRegistry;
  explaining: WorkLimit;
  ownArrivals: OwnArrivals;
}

/** Rules, the evaluation that finds incidents by them, and the notifications about these. */
export function createAlerting(
  config: ApiConfig,
  { pools, types, registry, explaining, ownArrivals }: AlertingParts,
  { log, now, environment }: Surroundings,
) {
  const { changing: pool, following } = pools;
  const { rulesFile: path } = config;
  const rulesFile = path === undefined ? undefined : createRulesFile({ path, environment, log });
  const rulesOfFile = (): LoadedRules => rulesFile?.current() ?? { rules: [], receivers: [], faults: [] };
  const receivers = createReceiversInUse({ pool: following, ofFile: () => rulesOfFile().receivers, log });
  const toChangeStatements: ToChangeStatements = (changes) =>
    toOutboxStatements(changes, receivers.list(), now());
  const evaluation = createEvaluation({
    pool,
    following,
    types,
    listRules: async () => {
      // Without its rules, the evaluation would end their incidents.
      if (rulesFile?.hasLoaded() === false) throw new Error('the rules file has faults: correct them first');
      return listActiveRules({ types, pool: following, rulesOfFile });
    },
    render: renderTemplate,
    toChangeStatements,
    ownArrivals,
    maxClockSkewMs: config.maxClockSkewMs,
    log,
    now,
  });
  const explainPeaks = createExplainPeaks({
    pool,
    following,
    types,
    registry,
    explaining,
    isEvaluating: evaluation.isEvaluating,
    log,
    now,
  });
  return {
    rulesOfFile,
    /** Reads the rules file and the stored receivers. Call before the first evaluation, and every second. Never rejects. */
    async readSettings(): Promise<void> {
      await rulesFile?.read();
      await receivers.follow();
    },
    receivers,
    toChangeStatements,
    evaluation,
    explainPeaks,
    ...createNotifying(config, pools, { receivers: receivers.list, log, now }),
  };
}

interface NotifyingOptions extends Pick<Surroundings, 'log' | 'now'> {
  receivers: ReceiversInUse['list'];
}

function createNotifying(
  { smtpUrl, externalUrl, allowPrivateReceivers }: ApiConfig,
  { changing: pool, following }: Pools,
  options: NotifyingOptions,
) {
  const send = createSend({ smtpUrl, allowPrivateReceivers });
  const shared = {
    ...options,
    pool,
    listFiring: (rule?: string) => listFiringIncidents(following, rule),
    listSilences: () => listSilences(following, options.now()),
  };
  return {
    sendTest: (receiver: Receiver) => sendTest(receiver, { send, externalUrl, now: options.now() }),
    repeatNotifications: createRepeats(shared),
    deliverer: createDeliverer({
      ...shared,
      fetchIncidents: (ids) => findIncidentsByIds(following, ids),
      send,
      externalUrl,
    }),
  };
}
