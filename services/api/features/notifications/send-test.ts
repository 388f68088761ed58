import { randomUUID } from 'node:crypto';
import type { Incident, ReceiverTest } from '@sensor-sentinel/contracts';
import { toNotification } from './notification.ts';
import type { Outcome } from './post-json.ts';
import type { Receiver } from './receivers.ts';
import type { Send } from './send.ts';

interface TestOptions {
  send: Send;
  externalUrl: string;
  now: Date;
}

/** Sends one test message to a receiver, without a retry. @returns the outcome, for a person */
export async function sendTest(
  receiver: Receiver,
  { send, externalUrl, now }: TestOptions,
): Promise<ReceiverTest> {
  const { name } = receiver;
  const rule = 'Test message';
  const incidents = [toTestIncident(rule, now.toISOString())];
  const id = randomUUID();
  const notification = toNotification({
    id,
    receiver: name,
    rule,
    incidents,
    externalUrl,
    nowMs: now.getTime(),
  });
  const url = `${notification.externalUrl}/?view=receivers`;
  const outcome = await send(receiver, { ...notification, url });
  return { delivered: outcome.kind === 'delivered', text: toText(name, outcome) };
}

function toText(name: string, outcome: Outcome): string {
  if (outcome.kind === 'delivered') return `${name} accepted the test message.`;
  return `${name} did not accept the test message: ${outcome.error}`;
}

function toTestIncident(rule: string, at: string): Incident {
  return {
    id: randomUUID(),
    rule,
    type: 'test',
    sensor_id: 'test',
    state: 'firing',
    severity: 'info',
    labels: {},
    summary: 'This is a test message of Sensor Sentinel.',
    description: 'Nothing is wrong.',
    started_at: at,
    opened_at: at,
    last_seen_at: at,
    cleared_at: null,
    readings: 0,
    anomalies: 0,
    peak_score: null,
    peak_reading_id: null,
    cause: null,
    acknowledged: null,
    resolved: null,
    comments: [],
    feedback: null,
  };
}
