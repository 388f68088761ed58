import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startWebhookSink, type WebhookSink } from '../alerts/start-webhook-sink.ts';
import { findViolations } from '../testing/find-violations.ts';
import { createPlace, type LocalSystem, startLocalSystem } from '../testing/local-system.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';

const rule = 'Two in a row';
const wrongSecret = `whsec_${'A'.repeat(44)}`;

let system: LocalSystem;
let sink: WebhookSink;

test.beforeAll(async () => {
  sink = await startWebhookSink();
  const place = await createPlace();
  const file = join(place.DATA_DIR ?? '', 'rules.yaml');
  const rules = [{ name: rule, sensors: 'boiler-*', condition: { kind: 'anomalies_in_a_row', count: 2 } }];
  const receivers = [{ name: 'Operations', rules: 'none', severities: ['critical'], ...sink.channel }];
  writeFileSync(file, JSON.stringify({ rules, receivers })); // JSON is YAML
  system = startLocalSystem({ ...place, ALLOW_PRIVATE_RECEIVERS: 'true', RULES_FILE: file });
  await system.said('open http');
});

test.afterAll(async () => {
  await system.stop();
  system.remove();
  await sink.stop();
});

const open = (page: Page) => page.goto(`${system.dashboardUrl}/?view=receivers`);
const entry = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true });
const log = (page: Page) => page.getByRole('table', { name: 'Delivery log' }).getByRole('row');
const testButton = (page: Page, name: string) =>
  entry(page, name).getByRole('button', { name: 'Send a test message' });

test.describe
  .serial('the page Receivers', () => {
    test('makes a receiver by keyboard alone, and sends it a test message', async ({ page }) => {
      const { url, secret } = sink.channel.webhook;
      await open(page);
      const log = page.getByRole('region', { name: 'Delivery log' });
      await expect(log.getByText('No messages yet')).toBeVisible();
      const add = page.getByRole('button', { name: 'Add a receiver' });
      await add.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'New receiver' });
      await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
      const { keyboard } = page;
      await keyboard.type('Phone');
      await keyboard.press('Tab');
      await keyboard.type('Webhook');
      await keyboard.press('Tab');
      await keyboard.type(url);
      await keyboard.press('Tab');
      await keyboard.type(secret);
      await keyboard.press('Enter');
      await expect(dialog.getByText('Phone is saved.')).toBeFocused();
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      await expect(dialog.getByText('Phone accepted the test message.')).toBeVisible();
      expect(sink.messages.map(({ receiver }) => receiver)).toEqual(['Phone']);
      expect(sink.messages[0]?.alerts[0]?.labels.alertname).toBe('Test message');
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      await expect(add).toBeFocused();
      await expect(entry(page, 'Phone').getByText('All incidents, repeated every 4 h.')).toBeVisible();
      await expect(entry(page, 'Phone').getByText('No message sent yet.')).toBeVisible();
    });

    test('says beside the fields what is wrong with them', async ({ page }) => {
      await open(page);
      await page.getByRole('button', { name: 'Add a receiver' }).click();
      const dialog = page.getByRole('dialog', { name: 'New receiver' });
      const field = (name: string) => dialog.getByRole('textbox', { name, exact: true });
      const save = dialog.getByRole('button', { name: 'Save receiver' });
      await dialog.getByText('Which incidents, and when').click();
      await field('Repeat every').fill('4 hours');
      await save.click();
      await expect(field('Name')).toBeFocused();
      await expect(field('Name')).toHaveAccessibleDescription('Expected 1 to 64 characters.');
      await expect(field('Topic')).toHaveAccessibleDescription(
        /Expected 1 to 64 letters, digits, - and _\.$/,
      );
      await expect(field('Repeat every')).toHaveAccessibleDescription(/Expected a duration such as/);
      await dialog.getByRole('button', { name: 'Suggest a topic that nobody can guess' }).click();
      await expect(field('Topic')).toHaveValue(/^sensors-[a-z2-9]{16}$/);
      await field('Name').fill('Phone');
      await field('Repeat every').fill('30m');
      await save.click();
      await expect(field('Name')).toHaveAccessibleDescription('Another receiver has this name.');
      await dialog.getByRole('combobox', { name: 'Sent by' }).selectOption({ label: 'E-mail' });
      await field('Name').fill('Mail');
      await field('Addresses').fill('plant@example.com');
      await save.click();
      await dialog.getByRole('button', { name: 'Send a test message' }).click();
      await expect(
        dialog.getByText('Mail did not accept the test message: e-mail needs the setting SMTP_URL'),
      ).toBeVisible();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await expect(entry(page, 'Mail').getByText('All incidents, repeated every 30 min.')).toBeVisible();
      await expect(entry(page, 'Mail').getByText('E-mail · plant@example.com')).toBeVisible();
      await entry(page, 'Mail').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete receiver' }).click();
      await expect(entry(page, 'Mail')).toHaveCount(0);
    });

    test('shows what became of each message, and why a receiver refused it', async ({ page }) => {
      await open(page);
      await page.getByRole('button', { name: 'Add a receiver' }).click();
      const dialog = page.getByRole('dialog', { name: 'New receiver' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Other program');
      await dialog.getByRole('combobox', { name: 'Sent by' }).selectOption('webhook');
      await dialog.getByRole('textbox', { name: 'URL' }).fill(sink.channel.webhook.url);
      const secret = dialog.getByRole('textbox', { name: 'Secret' });
      await dialog.getByRole('button', { name: 'Generate' }).click();
      await expect(secret).toHaveValue(/^whsec_[A-Za-z0-9+/]{43}=$/);
      await secret.fill(wrongSecret);
      await dialog.getByRole('button', { name: 'Save receiver' }).click();
      await dialog.getByRole('button', { name: 'Done' }).click();

      for (const values of [normalValues, anomalousValues, anomalousValues])
        await postReading(system.apiUrl, { sensor_id: 'boiler-1', ...values });
      await expect.poll(() => sink.messages.at(-1)?.alerts[0]?.labels.alertname).toBe(rule);
      const delivered = log(page).filter({ hasText: 'Phone' });
      for (const text of ['Delivered', rule, '1 firing'])
        await expect(delivered.getByText(text, { exact: true })).toBeVisible();
      const failed = log(page).filter({ hasText: 'Other program' });
      for (const text of ['Failed', 'answered 400'])
        await expect(failed.getByText(text, { exact: true })).toBeVisible();
      await expect(entry(page, 'Phone').getByText(/Newest message delivered \d+ s ago$/)).toBeVisible();
      await expect(
        entry(page, 'Other program').getByText(/Newest message failed .* ago: answered 400$/),
      ).toBeVisible();

      await postReading(system.apiUrl, { sensor_id: 'boiler-1', ...normalValues });
      await expect(delivered.filter({ hasText: '1 resolved' })).toBeVisible();
      await page.getByRole('combobox', { name: 'State' }).selectOption('Failed');
      await expect(delivered).toHaveCount(0);
      await expect(failed).toHaveCount(2);
      await page.getByRole('combobox', { name: 'Receiver' }).selectOption('Operations');
      await expect(page.getByText('No messages match the filter')).toBeVisible();
    });

    test('changes a receiver without showing its address or its secret, which stay', async ({ page }) => {
      const answers: Promise<string>[] = [];
      page.on('response', (response) => {
        if (/receivers|deliveries/.test(response.url())) answers.push(response.text());
      });
      await open(page);
      await entry(page, 'Phone').getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog', { name: 'Edit Phone' });
      await expect(dialog.getByRole('textbox', { name: 'URL' })).toHaveCount(0);
      await dialog.getByRole('checkbox', { name: 'Info' }).uncheck();
      await dialog.getByRole('button', { name: 'Add quiet hours' }).click();
      await dialog.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Berlin');
      await dialog.getByRole('textbox', { name: 'To', exact: true }).fill('05:30');
      await dialog.getByRole('button', { name: 'Save receiver' }).click();
      await dialog.getByRole('button', { name: 'Send a test message' }).click();
      await expect(dialog.getByText('Phone accepted the test message.')).toBeVisible();
      await dialog.getByRole('button', { name: 'Done' }).click();
      const words =
        'Warning and critical incidents, repeated every 4 h. Quiet 22:00–05:30 (Europe/Berlin), except critical ones.';
      await expect(entry(page, 'Phone').getByText(words)).toBeVisible();
      const all = (await Promise.all(answers)).join('\n');
      expect(all).toContain('Europe/Berlin');
      expect(all).not.toContain(sink.channel.webhook.secret);
      expect(all).not.toContain('/hook');

      await entry(page, 'Other program').getByRole('button', { name: 'Edit' }).click();
      const other = page.getByRole('dialog', { name: 'Edit Other program' });
      await other.getByRole('checkbox', { name: 'Replace the address' }).check();
      await other.getByRole('textbox', { name: 'URL' }).fill(sink.channel.webhook.url);
      await other.getByRole('textbox', { name: 'Secret' }).fill(sink.channel.webhook.secret);
      await other.getByRole('button', { name: 'Save receiver' }).click();
      await other.getByRole('button', { name: 'Send a test message' }).click();
      await expect(other.getByText('Other program accepted the test message.')).toBeVisible();
    });

    test('lists receivers of the rules file, which can only be tested', async ({ page }) => {
      await open(page);
      const operations = entry(page, 'Operations');
      await expect(operations.getByText('From the rules file.')).toBeVisible();
      const words = 'Critical incidents of rules none, repeated every 4 h.';
      await expect(operations.getByText(words)).toBeVisible();
      await testButton(page, 'Operations').click();
      await expect(operations.getByText('Operations accepted the test message.')).toBeVisible();
      await expect(operations.getByRole('button')).toHaveCount(1);
    });

    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [390, 1440])
        test(`can be used by everybody: ${colorScheme} at ${width} px`, async ({ page }) => {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 1000 });
          await open(page);
          await expect(log(page).first()).toBeVisible();
          await testButton(page, 'Phone').click();
          await expect(entry(page, 'Phone').getByText('Phone accepted the test message.')).toBeVisible();
          expect(await findViolations(page)).toEqual([]);
          await entry(page, 'Phone').getByRole('button', { name: 'Edit' }).click();
          const dialog = page.getByRole('dialog', { name: 'Edit Phone' });
          await dialog.getByRole('checkbox', { name: 'Replace the address' }).check();
          await dialog.getByRole('button', { name: 'Save receiver' }).click();
          await expect(dialog.getByRole('textbox', { name: 'URL' })).toBeFocused();
          expect(await findViolations(page)).toEqual([]);
        });
  });

test('private addresses are refused where they are not allowed', async ({ page }) => {
  await page.goto('/?view=receivers');
  await page.getByRole('button', { name: 'Add a receiver' }).click();
  const dialog = page.getByRole('dialog', { name: 'New receiver' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Chat');
  await dialog.getByRole('combobox', { name: 'Sent by' }).selectOption('slack');
  await dialog.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:9/hook');
  await dialog.getByText('Which incidents, and when').click();
  await dialog.getByRole('textbox', { name: 'Rules' }).fill('none');
  await dialog.getByRole('button', { name: 'Save receiver' }).click();
  await dialog.getByRole('button', { name: 'Send a test message' }).click();
  await expect(dialog.getByText(/is not a public address: set ALLOW_PRIVATE_RECEIVERS=true/)).toBeVisible();
  await page.keyboard.press('Escape');
  await entry(page, 'Chat').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete receiver' }).click();
  await expect(entry(page, 'Chat')).toHaveCount(0);
});
