import type { Locator, Page } from '@playwright/test';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const whyButton = (page: Page) => page.getByRole('button', { name: /^Why/ });
const reasons = (page: Page) => page.getByRole('region', { name: 'In words' });

async function expectInView(page: Page, part: Locator): Promise<void> {
  await expect(part).toBeVisible();
  const { y = 0, height = 0 } = (await part.boundingBox()) ?? {};
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y + height).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0);
}

test.describe('an explanation', () => {
  test('says first what was unusual, in view after one click', async ({ page, open }) => {
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'unusual' });
    await open('?sensor=unusual');
    await whyButton(page).click();
    await expect(page.getByRole('dialog', { name: 'Why an anomaly?' })).toBeVisible();
    await expectInView(page, reasons(page));
    const sentences = reasons(page).getByRole('listitem');
    await expect(sentences).toHaveCount(3);
    for (const sentence of [
      /^Humidity 41\.0\s% is below the usual \d+\.\d to \d+\.\d\s%\.$/,
      /^Noise level 99\.0\sdB is above the usual \d+\.\d to \d+\.\d\sdB\.$/,
      /^Temperature 19\.5\s°C is below the usual \d+\.\d to \d+\.\d\s°C\.$/,
    ])
      await expect(sentences.filter({ hasText: sentence })).toHaveCount(1);
    await expect(reasons(page).getByText('More than one value is abnormal.')).toBeVisible();
  });

  test('names the value that would be normal', async ({ page, open }) => {
    await postReading(apiUrl, { ...normalValues, humidity: 45, sensor_id: 'dry' });
    await open('?sensor=dry');
    await whyButton(page).click();
    await expect(reasons(page).getByRole('listitem')).toHaveText(/^Humidity 45\.0\s% is below the usual/);
    await expect(
      reasons(page).getByText(/^Humidity at [\d.]+\s% instead of 45\.0\s% would be normal\.$/),
    ).toBeVisible();
  });

  test('has contributions that lead from the typical score to that of the reading', async ({
    page,
    open,
  }) => {
    const { score } = await postReading(apiUrl, { ...anomalousValues, sensor_id: 'explained' });
    await open('?sensor=explained');
    await whyButton(page).click();
    const cells = page.getByRole('table', { name: 'Contributions' }).getByRole('cell');
    await expect(cells.first()).toBeVisible();
    const texts = (await cells.allInnerTexts()).filter((text) => text !== '');
    const [typical = 0, ...rest] = texts.map((text) => Number(text.replace('−', '-')));
    const shownScore = rest.pop() ?? 0;
    expect(shownScore).toBeCloseTo(score ?? Number.NaN, 3);
    expect(rest).toHaveLength(3);
    // Each figure is rounded to three decimals.
    expect(Math.abs(typical + rest.reduce((sum, value) => sum + value) - shownScore)).toBeLessThan(3e-3);
    const votes = page.getByRole('table', { name: 'Predictions by model' });
    await expect(votes).toBeHidden();
    await page.getByText('What other models say').click();
    await expect(votes.getByRole('row', { name: /used here/ })).toBeVisible();
    await page.reload();
    await expect(cells.first()).toBeVisible();
    await page.mouse.click(5, 5);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page).not.toHaveURL(/reading=/);
  });

  test('is read, answered and closed by keyboard alone', async ({ page, open }) => {
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'keyed' });
    await open('?sensor=keyed');
    await whyButton(page).press('Enter');
    const dialog = page.getByRole('dialog');
    const focused = dialog.locator('button:focus, summary:focus, section:focus');
    const real = dialog.getByRole('button', { name: 'Real anomaly' });
    const alarm = dialog.getByRole('button', { name: 'False alarm' });
    await expect(reasons(page)).toBeVisible();
    await page.keyboard.press('n');
    await expect(alarm).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('y');
    await expect(real).toHaveAttribute('aria-pressed', 'true');
    await expect(dialog.getByText('No answer yet.')).toHaveCount(0);
    for (const button of [dialog.getByRole('button', { name: 'Close' }), real, alarm]) {
      await page.keyboard.press('Tab');
      await expect(button).toBeFocused();
    }
    // The focus does not leave the dialog.
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab');
      await expect(focused).toHaveCount(1);
    }
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(whyButton(page).first()).toBeFocused();
  });

  test('leads to the reading before, and is still closed by Escape', async ({ page, open }) => {
    await postReading(apiUrl, { ...normalValues, sensor_id: 'visited' });
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'visited' });
    await open('?sensor=visited');
    await whyButton(page).first().press('Enter');
    const neighbors = page.getByRole('table', { name: 'Neighboring readings' });
    await neighbors.getByRole('button').press('Enter');
    await expect(page.getByRole('dialog', { name: 'Why normal?' })).toBeVisible();
    await expect(reasons(page).getByText('All values are in their usual ranges.')).toBeVisible();
    await expect(neighbors.getByRole('button')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('takes feedback, which the accuracy shows as counts, and gives it back', async ({ page, open }) => {
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'answered' });
    await open('?sensor=answered');
    await whyButton(page).click();
    const alarm = page.getByRole('dialog').getByRole('button', { name: 'False alarm' });
    await alarm.click();
    await expect(alarm).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Escape');
    const accuracy = page.getByRole('region', { name: 'Accuracy by feedback' });
    await expect(accuracy.getByText(/^1 of 20 answers so far/)).toBeVisible();
    await expect(accuracy.getByRole('cell', { name: '1 false alarms' })).toBeVisible();
    await expect(accuracy.getByText('Correct predictions')).toHaveCount(0);
    await whyButton(page).click();
    await expect(alarm).toHaveAttribute('aria-pressed', 'true');
    await alarm.click();
    await expect(page.getByRole('dialog').getByText('No answer yet.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(accuracy).toHaveCount(0);
  });
});
