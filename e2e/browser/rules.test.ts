import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { incidentsPageSchema, rulesAnswerSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { z } from 'zod';
import { findViolations } from '../testing/find-violations.ts';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

/** Sends readings of a sensor in one request, one per second up to now; returns their ids. */
async function postAll(
  api: string,
  sensor_id: string,
  values: readonly Record<string, number>[],
): Promise<string[]> {
  const endMs = Date.now();
  const readings = values.map((reading, place) => ({
    ...reading,
    sensor_id,
    timestamp: new Date(endMs - (values.length - 1 - place) * 1000).toISOString(),
  }));
  const { data } = await axios.post<unknown>(`${api}/predict`, readings);
  return answerSchema.parse(data).results.map(({ id }) => id);
}

const answerSchema = z.object({ results: z.array(z.object({ id: z.string() })) });

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);
const normal = normalValues;
const anomalous = anomalousValues;

/** Three anomalies among the newest ten readings, which are never two in a row. */
const flapping = [anomalous, normal, anomalous, normal, anomalous, ...times(15, normal)];
/** Five such stretches, and one of eight anomalies in a row. */
const flappingAndReal = [...times(5, flapping).flat(), ...times(8, anomalous), ...times(12, normal)];

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const lab = (page: Page) => region(page, 'What it would have raised');
/** The cells of a figure: of now, if the rule is stored, and of the draft. */
const figure = (page: Page, name: string) => {
  const table = lab(page).getByRole('table', { name: 'Now and draft' });
  const header = page.getByRole('rowheader', { name, exact: true });
  return table.getByRole('row').filter({ has: header }).getByRole('cell');
};

/** Waits until the process that evaluates the rules has loaded a new one, and has found these values for a sensor. */
async function waitUntilEvaluated(rule: string, values: Record<string, number>): Promise<void> {
  const hasState = async () => {
    await postReading(apiUrl, { ...values, sensor_id: 'lab-ready' });
    const { data } = await axios.get<unknown>(`${apiUrl}/rules`);
    return rulesAnswerSchema.parse(data).rules.find(({ name }) => name === rule)?.states.length;
  };
  await expect.poll(hasState, { timeout: 60_000 }).toBe(1);
}

/** The names of the rules that these tests make. */
const made = ['Lab heat', 'Lab keys', 'Lab leave'];

test.afterAll(async () => {
  for (const name of made)
    await axios.delete(`${apiUrl}/rules/${encodeURIComponent(name)}`, { validateStatus: () => true });
});

test('the page Rules says in at most six clicks whether five in a row would have been better', async ({
  page,
  ownSystem,
}) => {
  const sensor = 'lab-flap';
  const ids = await postAll(ownSystem.apiUrl, sensor, flappingAndReal);
  const anomalies = ids.filter((_, place) => flappingAndReal[place] === anomalous);
  // Only the last eight were real.
  const feedback = anomalies.map((id, place) => ({ id, label: place < anomalies.length - 8 ? 0 : 1 }));
  await axios.post(`${ownSystem.apiUrl}/feedback`, feedback);
  await page.goto(`${ownSystem.dashboardUrl}/?sensor=${sensor}`);
  let clicks = 0;
  const click = async (target: Locator) => {
    clicks += 1;
    await target.click();
  };
  await click(page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rules' }));
  await click(page.getByRole('link', { name: 'Try Anomalies' }));
  await expect(lab(page).getByText('6 incidents, as now')).toBeVisible();
  const condition = page.getByRole('combobox', { name: 'Condition' });
  clicks += 2; // to open the list, and to choose from it
  await condition.selectOption('Anomalies in a row');
  await expect(lab(page).getByText('1 incident instead of 6')).toBeVisible();
  for (const [name, now, draft] of [
    ['Incidents', '6', '1'],
    ['Precision', '16.7 %', '100.0 %'],
    ['Recall', '75.0 %', '50.0 %'],
  ] as const)
    await expect(figure(page, name)).toHaveText([now, draft]);
  await expect(page.getByRole('textbox', { name: 'Sensors' })).toHaveValue('*');
  await expect(page.getByRole('spinbutton', { name: 'Anomalies in a row' })).toHaveValue('5');
  expect(clicks).toBeLessThanOrEqual(6);
  await expect(
    lab(page).getByRole('img', { name: /^Temperature over time: .*1 incident of the draft$/ }),
  ).toBeVisible();

  const slider = lab(page).getByRole('slider', { name: 'Anomalies in a row' });
  await slider.fill('7');
  await expect(page.getByRole('spinbutton', { name: 'Anomalies in a row' })).toHaveValue('8');
  await expect(lab(page).getByText('1 incident instead of 6')).toBeVisible();
  await slider.press('ArrowRight');
  await expect(lab(page).getByText('0 incidents instead of 6')).toBeVisible();
  await expect(page.getByText(/^This is the default rule\. If you save it/)).toBeVisible();
});

test('a rule made in the lab fires as the lab said', async ({ page }) => {
  const warm = (temperature: number) => ({ ...normal, temperature });
  const values = [
    ...times(6, warm(24)),
    ...times(5, warm(30)),
    ...times(6, warm(24)),
    ...times(2, warm(31)), // too short
    ...times(6, warm(24)),
    ...times(8, warm(30.5)),
    ...times(6, warm(24)),
  ];
  await postAll(apiUrl, 'lab-oven', values);
  await page.goto('/?view=rules&sensor=lab-oven');
  await page.getByRole('link', { name: 'New rule' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Lab heat');
  await page.getByRole('combobox', { name: 'Condition' }).selectOption('Value above or below a level');
  await page.getByRole('spinbutton', { name: 'Above (°C)' }).fill('29');
  await page.getByRole('textbox', { name: 'Sensors' }).fill('lab-*');
  await page.getByRole('textbox', { name: 'Must hold for' }).fill('3s');
  await expect(page.getByText('Temperature is above 29 °C for 3 s, on lab-*')).toBeVisible();
  await expect(lab(page).getByText('2 incidents', { exact: true })).toBeVisible();
  await expect(figure(page, 'Median delay')).toHaveText('3 s');
  const previewed = await lab(page)
    .getByRole('table', { name: 'Incidents of the draft' })
    .getByRole('row')
    .filter({ hasText: 'lab-oven' })
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
    );
  expect(previewed.map(([, length, readings]) => [length, readings])).toEqual([
    ['8 s', '8'],
    ['5 s', '5'],
  ]);
  const yaml = region(page, 'In the rules file');
  await expect(yaml.getByText(/name: Lab heat\n +type: climate\n +sensors: lab-\*/)).toBeVisible();
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByText('“Lab heat” is saved.')).toBeFocused();

  await waitUntilEvaluated('Lab heat', warm(30));
  await postAll(apiUrl, 'lab-stove', values);
  const params = { rule: 'Lab heat', sensor_id: 'lab-stove' };
  const listEnded = async () => {
    const { data } = await axios.get<unknown>(`${apiUrl}/incidents`, { params });
    return incidentsPageSchema
      .parse(data)
      .incidents.map(({ started_at, cleared_at, readings }) => [
        `${(Date.parse(cleared_at ?? '') - Date.parse(started_at)) / 1000} s`,
        String(readings),
      ]);
  };
  await expect.poll(listEnded).toEqual(previewed.map(([, length, readings]) => [length, readings]));
});

test('a rule is made, changed and deleted by keyboard alone', async ({ page }) => {
  await postAll(apiUrl, 'lab-keys', flapping);
  await page.goto('/?view=rules&sensor=lab-keys');
  await page.getByRole('link', { name: 'New rule' }).press('Enter');
  await expect(page.getByRole('link', { name: 'All rules' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Lab keys');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Anomalies in');
  await expect(page.getByText('5 anomalies in a row', { exact: true })).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type('2');
  await page.keyboard.press('Tab');
  await page.keyboard.type('lab-keys');
  await page.keyboard.press('Enter');
  await expect(page.getByText('“Lab keys” is saved.')).toBeFocused();
  const entry = page.getByRole('listitem').filter({ hasText: 'Lab keys' });
  await expect(entry.getByText('2 anomalies in a row, on lab-keys')).toBeVisible();

  await entry.getByRole('link', { name: 'Edit Lab keys' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Save rule' })).toBeDisabled();
  await lab(page).getByRole('slider', { name: 'Anomalies in a row' }).press('ArrowLeft');
  await expect(lab(page).getByText('3 incidents instead of 0')).toBeVisible();
  await page.getByRole('button', { name: 'Save rule' }).press('Enter');
  await expect(entry.getByText('One anomaly, on lab-keys')).toBeVisible();

  await entry.getByRole('button', { name: 'Delete Lab keys' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete rule' }).press('Enter');
  await expect(page.getByText('“Lab keys” is deleted.')).toBeFocused();
  await expect(entry).toHaveCount(0);
});

test('unsaved changes are asked about by links, the back button and a reload', async ({ page }) => {
  const condition = { kind: 'anomalies_in_a_row', count: 3 };
  await axios.put(`${apiUrl}/rules/Lab%20leave`, { condition, sensors: 'lab-leave' });
  await page.goto('/?view=rules');
  await page.getByRole('link', { name: 'Edit Lab leave' }).click();
  const count = page.getByRole('spinbutton', { name: 'Anomalies in a row' });
  await count.fill('4');
  const asked: string[] = [];
  let accepts = false;
  page.on('dialog', async (dialog) => {
    asked.push(dialog.type());
    await (accepts ? dialog.accept() : dialog.dismiss());
  });
  await page.getByRole('link', { name: 'All rules' }).click();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.evaluate('history.back()');
  await expect.poll(() => asked).toEqual(['confirm', 'confirm', 'confirm']);
  await expect(count).toHaveValue('4');
  // Another time window is not another rule.
  await page.getByRole('radio', { name: 'Paused' }).press('Space');
  await expect(page).toHaveURL(/mode=paused/);
  await axios.put(`${apiUrl}/rules/Lab%20leave`, {
    condition: { ...condition, count: 9 },
    sensors: 'lab-leave',
  });
  await expect(page.getByText('Somebody has changed this rule meanwhile.')).toBeVisible({ timeout: 60_000 });
  await expect(count).toHaveValue('4');
  accepts = true;
  await page.getByRole('link', { name: 'All rules' }).click();
  await expect(page.getByText('9 anomalies in a row, on lab-leave')).toBeVisible();
  expect(asked).toHaveLength(4);
});

test('what is wrong is said beside the fields, and what a preview cannot do, in words', async ({ page }) => {
  await axios.put(`${apiUrl}/rules/Lab%20leave`, {
    condition: { kind: 'silent', after: '5m' },
    sensors: 'lab-x',
  });
  await page.goto('/?view=rules&new_rule=true');
  const name = page.getByRole('textbox', { name: 'Name' });
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(name).toHaveAccessibleDescription('Expected 1 to 64 characters.');
  await name.fill('Lab leave');
  await expect(name).toHaveAccessibleDescription('There is already a rule with this name.');
  const ends = page.getByRole('spinbutton', { name: 'Ends at or below (%)' });
  await ends.fill('40');
  await expect(ends).toHaveAccessibleDescription(/Must be below the share at which it begins\.$/);
  await expect(lab(page).getByText('Below is the last valid rule.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Condition' }).selectOption('Readings are rejected');
  await expect(lab(page).getByText(/^Rejected readings are counted as they arrive/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Within' }).fill('soon');
  await expect(page.getByRole('textbox', { name: 'Within' })).toHaveAccessibleDescription(
    'Expected a duration such as "90s", "5m" or "1h30m".',
  );
  await page.goto('/?view=rules&rule=No%20such%20rule');
  await expect(page.getByText('There is no rule “No such rule”')).toBeVisible();
});

test('a preview waits while the API is busy', async ({ page }) => {
  let refused = 0;
  await page.route('**/api/rules/preview', async (route) => {
    if (refused > 0) return route.fallback();
    refused += 1;
    const problem = { type: 'urn:sensor-sentinel:problem:overloaded', title: 'API overloaded', status: 503 };
    return route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      json: { ...problem, detail: 'Busy', errors: [] },
    });
  });
  await postAll(apiUrl, 'lab-busy', [normal]);
  await page.goto('/?view=rules&new_rule=true&sensor=lab-busy');
  await expect(lab(page).getByText('The API is busy with other previews. Trying again…')).toBeVisible();
  await expect(lab(page).getByText('0 incidents', { exact: true })).toBeVisible();
});

test('rules of the file can be tried, but not saved, and its faults are shown', async ({ page }) => {
  const place = await createPlace();
  const RULES_FILE = join(place.DATA_DIR ?? '', 'rules.yaml');
  const write = (condition: object) =>
    writeFileSync(RULES_FILE, JSON.stringify({ rules: [{ name: 'Filed', condition }] }, null, 2));
  write({ kind: 'anomalies_in_a_row', count: 2 });
  const system = startLocalSystem({ ...place, RULES_FILE });
  try {
    await system.said('open http');
    await page.goto(`${system.dashboardUrl}/?view=rules`);
    await page.getByRole('link', { name: 'Try Filed' }).click();
    await expect(page.getByText('This rule comes from the rules file: change it there.')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Name' })).not.toBeEditable();
    await page.getByRole('spinbutton', { name: 'Anomalies in a row' }).fill('4');
    await expect(region(page, 'YAML').getByText(/count: 4/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save rule' })).toHaveCount(0);
    await page.getByRole('link', { name: 'All rules' }).click();
    write({ kind: 'anomalies_in_a_row', count: 0 });
    await expect(page.getByText('The rules file has faults.')).toBeVisible({ timeout: 60_000 });
    await expect(
      page.getByText(/^Line 7: rules\[0\]\.condition\.count expected a number, at least 1$/),
    ).toBeVisible();
    const { data } = await axios.get<unknown>(`${system.apiUrl}/rules`);
    expect(rulesAnswerSchema.parse(data).rules.map(({ name }) => name)).toEqual(['Filed']);
  } finally {
    await system.stop();
    system.remove();
  }
});

test.describe('the editor', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`can be used by everybody: ${colorScheme}`, async ({ page }) => {
      await postAll(apiUrl, 'lab-axe', flappingAndReal);
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 1440, 3840]) {
        await page.setViewportSize({ width, height: 1000 });
        await page.goto('/?view=rules&new_rule=true&sensor=lab-axe');
        await page.getByRole('combobox', { name: 'Condition' }).selectOption('Value above or below a level');
        await expect(lab(page).getByRole('img', { name: /^Temperature over time/ })).toBeVisible();
        await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
        expect([width, await findViolations(page)]).toEqual([width, []]);
      }
    });
});
