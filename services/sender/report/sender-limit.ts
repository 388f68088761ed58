const busy = 0.9;
/** Timers are late by one or two; a sender that cannot keep up, by more and more. */
const maxOwnLagMs = 20;

type Signs = { eventLoopUtilization: number; lagP99Ms: number | null };

/** Why figures are the sender's and not the API's; null where nothing tells so. */
export function findSenderLimit({ eventLoopUtilization, lagP99Ms }: Signs): string | null {
  const reasons: string[] = [];
  if (eventLoopUtilization >= busy)
    reasons.push(`its event loop was busy ${Math.round(eventLoopUtilization * 100)} % of the time`);
  if (lagP99Ms !== null && lagP99Ms > maxOwnLagMs)
    reasons.push(
      `1 % of the rows went out ${Math.round(lagP99Ms)} ms late or later though a connection was free`,
    );
  return reasons.length > 0 ? `the sender was the limit: ${reasons.join('; ')}` : null;
}
