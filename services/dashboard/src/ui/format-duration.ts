const units = [
  { name: 'day', durationMs: 86_400_000 },
  { name: 'h', durationMs: 3_600_000 },
  { name: 'min', durationMs: 60_000 },
  { name: 's', durationMs: 1000 },
] as const;

function toText(amount: number, name: string): string {
  return name === 'day' && amount !== 1 ? `${amount} days` : `${amount} ${name}`;
}

/** The two largest units: `2 s`, `3 min 5 s`, `2 h 4 min`, `3 days 4 h`. */
export function formatDuration(durationMs: number): string {
  let restMs = Math.max(0, Math.floor(durationMs / 1000) * 1000);
  const largest = units.findIndex((unit) => restMs >= unit.durationMs);
  if (largest === -1) return '0 s';
  const parts: string[] = [];
  for (const unit of units.slice(largest, largest + 2)) {
    const amount = Math.floor(restMs / unit.durationMs);
    restMs -= amount * unit.durationMs;
    if (amount > 0) parts.push(toText(amount, unit.name));
  }
  return parts.join(' ');
}
