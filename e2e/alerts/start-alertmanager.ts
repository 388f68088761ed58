import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, waitUntilReady } from '@sensor-sentinel/start/child-process.ts';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import { requireAlertmanager } from '@sensor-sentinel/start/required-programs.ts';
import { z } from 'zod';

const alertsSchema = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.iso.datetime(),
    status: z.object({ state: z.enum(['unprocessed', 'active', 'suppressed']) }),
  }),
);

/** An Alertmanager on a free port, with its files in this folder. It notifies nobody. */
export async function startAlertmanager(directory: string) {
  mkdirSync(directory, { recursive: true });
  const config = join(directory, 'alertmanager.yml');
  writeFileSync(config, JSON.stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild({
    name: 'alertmanager',
    logFile: join(directory, 'alertmanager.log'),
    command: [
      requireAlertmanager(() => undefined),
      `--config.file=${config}`,
      `--storage.path=${join(directory, 'storage')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=', // alone
    ],
  });
  const answers = async () => (await fetch(`${url}/-/ready`)).ok;
  await waitUntilReady({ child, limitMs: 60_000, isReady: () => answers().catch(() => false) });
  return {
    /** The channel of a receiver that sends to it. */
    channel: { alertmanager: { url } },
    /** Alerts that have not been resolved. */
    async listAlerts() {
      return alertsSchema.parse(await (await fetch(`${url}/api/v2/alerts`)).json());
    },
    /** How many alerts it has received, by status. */
    async countReceived(status: 'firing' | 'resolved'): Promise<number> {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const line = new RegExp(
        `^alertmanager_alerts_received_total\\{status="${status}",version="v2"\\} (.*)$`,
        'm',
      );
      return Number(line.exec(metrics)?.[1] ?? 0);
    },
    stop: () => child.stop(10_000),
  };
}
