const units = [
  { name: 'day', durationMs: 86_400_000 },
  { name: 'h', durationMs: 3_600_000 },
  { name: 'min', durationMs: 60_000 },
  { name: 's', durationMs: 1000 },
];

/** The two largest units: `2 s`, `3 min 5 s`, `2 h 4 min`, `3 days 4 h`. */
export function formatDuration(durationMs: number): string {
  let restMs = Math.max(0, durationMs);
  const parts = units.map(({ name, durationMs }) => {
    const amount = Math.floor(restMs / durationMs);
    restMs -= amount * durationMs;
    return { amount, text: `${amount} ${name === 'day' && amount !== 1 ? 'days' : name}` };
  });
  const largest = parts.findIndex(({ amount }) => amount > 0);
  if (largest === -1) return '0 s';
  const shown = parts.slice(largest, largest + 2).filter(({ amount }) => amount > 0);
  return shown.map(({ text }) => text).join(' ');
}
