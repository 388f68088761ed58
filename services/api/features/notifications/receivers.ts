import type { Severity, Receiver as UntrustedReceiver } from '@sensor-sentinel/contracts';

export type Receiver = UntrustedReceiver & {
  /** Set by the operator, in a file. Other receivers reach private addresses only if a setting allows it. */
  isTrusted: boolean;
};

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
