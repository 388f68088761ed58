import {
  matchesGlob,
  type QuietHours,
  type Severity,
  type Receiver as UntrustedReceiver,
} from '@sensor-sentinel/contracts';

export type Receiver = UntrustedReceiver & {
  /** Set by the operator, in a file. Other receivers reach private addresses only if a setting allows it. */
  isTrusted: boolean;
};

/** Whether the receiver gets messages of a rule. */
export function isReceiverOf(receiver: Receiver, { rule, severity }: { rule: string; severity: Severity }) {
  return receiver.severities.includes(severity) && matchesGlob(receiver.rules, rule);
}

/** None for an Alertmanager, which resolves alerts that are not sent to it. */
export function toQuietHours({ alertmanager, quiet_hours }: Receiver): readonly QuietHours[] {
  return alertmanager === undefined ? quiet_hours : [];
}
