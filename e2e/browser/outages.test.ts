import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import { requireServerProgram } from '@sensor-sentinel/start/required-programs.ts';
import { createDatabaseServer, type DatabaseServer } from '../faults/database-server.ts';
import { createPlace, type LocalSystem, startLocalSystem } from '../testing/local-system.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';

const directory = mkdtempSync(join(tmpdir(), 'outages-'));
let database: DatabaseServer;
let place: Record<string, string>;
let system: LocalSystem;

/** A system whose database nobody starts again by itself. */
test.beforeAll(async () => {
  const port = await findFreePort();
  const dataDirectory = join(directory, 'database');
  const program = requireServerProgram(() => undefined);
  database = createDatabaseServer({ program, directory, dataDirectory, port });
  await database.start();
  place = {
    ...(await createPlace()),
    DATABASE_URL: `mysql://sentinel_api:${database.apiPassword}@127.0.0.1:${port}/sentinel`,
    DATABASE_ADMIN_URL: database.adminUrl,
  };
  await start();
});

test.afterAll(async () => {
  await system.stop();
  await database.kill();
  system.remove();
  rmSync(directory, { recursive: true });
});

async function start(): Promise<void> {
  system = startLocalSystem(place);
  await system.said('open http');
}

/** Sends a normal reading every half second. Its requests may fail. */
function startSensor(sensor_id: string) {
  let stored = 0;
  const count = () => {
    stored += 1;
  };
  const send = () =>
    void postReading(system.apiUrl, { ...normalValues, sensor_id }).then(count, () => undefined);
  send();
  const timer = setInterval(send, 500);
  return { stored: () => stored, stop: () => clearInterval(timer) };
}

const normal = 'Normal now';

test('shows the age of the newest reading, and a sensor that stops as silent', async ({ page, alertBox }) => {
  const sensor = startSensor('stopping');
  await page.goto(`${system.dashboardUrl}/?sensor=stopping`);
  await expect(page.getByText(/Newest reading [01] s ago/)).toBeVisible();
  await expect(alertBox().getByText(normal)).toBeVisible();
  await expect(alertBox().getByText('Selected: stopping')).toBeVisible();
  await expect(page).toHaveTitle(/^Normal/);
  // Enough to know its usual interval.
  await expect.poll(sensor.stored).toBeGreaterThanOrEqual(8);
  sensor.stop();
  await expect(page.getByText(/Newest reading [5-9] s ago/)).toBeVisible();
  await expect(alertBox().getByText(/No readings for \d+ s/)).toBeVisible();
  await expect(page).toHaveTitle(/No readings/);
  const again = startSensor('stopping');
  await expect(alertBox().getByText(normal)).toBeVisible();
  await expect(page.getByText(/Newest reading [01] s ago/)).toBeVisible();
  again.stop();
});

test('says that the database does not answer, and what was known last', async ({ page, alertBox }) => {
  const sensor = startSensor('stored');
  await page.goto(`${system.dashboardUrl}/?sensor=stored`);
  await expect(alertBox().getByText(normal)).toBeVisible();
  await database.kill();
  await expect(alertBox().getByText('State unknown')).toBeVisible();
  await expect(
    alertBox().getByText(/^the database does not answer · last known \d\d:\d\d:\d\d: normal$/),
  ).toBeVisible();
  await expect(page.getByRole('alert').getByText('The database does not answer. Retrying…')).toBeVisible();
  await expect(page).toHaveTitle(/State unknown/);
  await database.start();
  await expect(alertBox().getByText(normal)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  sensor.stop();
});

test('says that the API does not answer, keeps what is there, and goes on by itself', async ({
  page,
  alertBox,
}) => {
  let sensor = startSensor('reached');
  await page.goto(`${system.dashboardUrl}/?sensor=reached`);
  const row = page.getByRole('table', { name: 'Readings' }).getByRole('row', { name: 'reached' });
  const stale = page.getByText(/Not updated since/).first();
  await expect(alertBox().getByText(normal)).toBeVisible();
  await expect(row.first()).toBeVisible();
  sensor.stop();
  await system.stop();
  await expect(alertBox().getByText(/^the API does not answer · last known \d\d:\d\d:\d\d: /)).toBeVisible();
  await expect(stale).toBeVisible();
  await expect(row.first()).toBeVisible();
  await start();
  sensor = startSensor('reached');
  await expect(alertBox().getByText(normal)).toBeVisible();
  await expect(stale).toHaveCount(0);
  await expect(page.getByText(/Newest reading [01] s ago/)).toBeVisible();
  sensor.stop();
});
