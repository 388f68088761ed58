import { cpus } from 'node:os';

/** What figures depend on besides the code. */
export function describeMachine(): { cpu: string; cores: number; node: string; date: string } {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}
