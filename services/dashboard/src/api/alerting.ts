import {
  deliveriesPageSchema,
  incidentDetailsSchema,
  incidentsPageSchema,
  listedReceiverSchema,
  listedRuleSchema,
  type RuleInput,
  receiversAnswerSchema,
  receiverTestSchema,
  rulesAnswerSchema,
  type silenceInputSchema,
  silenceSchema,
  silencesSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { createPreviewRule } from './preview-rule.ts';
import { type Requests, slowTimeoutMs, toPath } from './requests.ts';

/** What a person says about an incident. */
export type IncidentChange =
  | { action: 'ack'; comment: string }
  | { action: 'comment'; text: string }
  | { action: 'resolve' }
  | { action: 'feedback'; label: 0 | 1 };

/** Incidents, the rules that raise them, and who is notified. */
export function createAlertingApi(requests: Requests) {
  const { request, getter, remove } = requests;
  return {
    /** Firing first, then newest. */
    getIncidents: getter('/incidents', incidentsPageSchema),
    getIncident: (id: string, signal: AbortSignal) =>
      request({ url: `/incidents/${id}`, signal }, incidentDetailsSchema),
    changeIncident: async (id: string, { action, ...data }: IncidentChange) => {
      const url = `/incidents/${id}/${action}`;
      await request({ method: 'post', url, data, timeout: slowTimeoutMs }, z.unknown());
    },
    getRules: (signal: AbortSignal) => request({ url: '/rules', signal }, rulesAnswerSchema),
    /** Makes a rule, or changes the rule of this name. */
    storeRule: (rule: RuleInput) =>
      request({ method: 'put', url: toPath('rules', rule.name), data: rule }, listedRuleSchema),
    deleteRule: (name: string) => remove(toPath('rules', name)),
    previewRule: createPreviewRule(requests),
    getReceivers: (signal: AbortSignal) => request({ url: '/receivers', signal }, receiversAnswerSchema),
    /** Makes a receiver, or changes the receiver of this name. Without a channel, it keeps the one it has. */
    storeReceiver: (receiver: { name: string } & Record<string, unknown>) =>
      request(
        { method: 'put', url: toPath('receivers', receiver.name), data: receiver },
        listedReceiverSchema,
      ),
    deleteReceiver: (name: string) => remove(toPath('receivers', name)),
    testReceiver: (name: string) => {
      const url = `${toPath('receivers', name)}/test`;
      return request({ method: 'post', url, timeout: slowTimeoutMs }, receiverTestSchema);
    },
    getDeliveries: getter('/deliveries', deliveriesPageSchema),
    getSilences: (signal: AbortSignal) => request({ url: '/silences', signal }, silencesSchema),
    addSilence: (data: z.input<typeof silenceInputSchema>) =>
      request({ method: 'post', url: '/silences', data }, silenceSchema),
    endSilence: (id: string) => remove(toPath('silences', id)),
  };
}
