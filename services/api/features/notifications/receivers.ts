import type { Severity } from '@sensor-sentinel/contracts';

/** A daily time in which messages wait, such as 22:00 to 06:00. */
export interface QuietHours {
  /** `HH:MM`, in the time zone. */
  from: string;
  /** Excluded; on the next day unless it is after `from`. */
  to: string;
  timezone: string;
  /** The days on which it begins. Default: every day. */
  days?: readonly Weekday[] | undefined;
  /** Whether messages of critical rules do not wait. */
  critical_anyway?: boolean | undefined;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Where a receiver's messages go: exactly one of these. Secrets are plain text here. */
interface Channels {
  alertmanager?: { url: string } | undefined;
  webhook?: { url: string; secret: string } | undefined;
  email?: { to: readonly string[]; from?: string | undefined } | undefined;
  slack?: { url: string } | undefined;
  discord?: { url: string } | undefined;
  teams?: { url: string } | undefined;
  ntfy?: { url: string; topic: string; token?: string | undefined } | undefined;
}

export interface Receiver extends Channels {
  name: string;
  severities: readonly Severity[];
  /** A glob over the names of rules: `*` is any text, `?` is one character. */
  rules: string;
  /** How long after a message firing incidents are sent again. */
  repeat_interval: string;
  send_resolved: boolean;
  /** How long the first message of a rule waits for other incidents of it. */
  group_wait: string;
  quiet_hours: readonly QuietHours[];
  /** Set by the operator, in a file. Other receivers reach private addresses only if a setting allows it. */
  isTrusted: boolean;
}

/** Whether the receiver gets messages of a rule. */
export function isReceiverOf(receiver: Receiver, { rule, severity }: { rule: string; severity: Severity }) {
  return receiver.severities.includes(severity) && matchesGlob(receiver.rules, rule);
}

/** Takes time in proportion to both lengths, unlike a regular expression with several `.*`. */
export function matchesGlob(glob: string, text: string): boolean {
  const [wanted, given] = [[...glob], [...text]];
  let place = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < given.length) {
    if (wanted[place] === '*') {
      star = place++;
      starAt = at;
    } else if (wanted[place] === '?' || wanted[place] === given[at]) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++starAt;
    } else return false;
  }
  return wanted.slice(place).every((character) => character === '*');
}
