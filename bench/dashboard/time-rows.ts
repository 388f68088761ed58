import axios from 'axios';
import type { Browser } from 'playwright-core';
import { z } from 'zod';

const sensorId = 'probe';
const count = 30;

interface TimeRowsOptions {
  url: string;
  apiPort: number;
}

/** Resolves with the time at which the text stands in a cell of the table. */
const waitForCell = (text: string) => `
  new Promise((resolve) => {
    const look = () => {
      const cells = document.querySelectorAll('[aria-label="Readings"] td');
      if (![...cells].some((cell) => cell.textContent === ${JSON.stringify(text)})) return;
      observer.disconnect();
      resolve(Date.now());
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  })`;

/**
 * Milliseconds from the answer to a reading, which follows its commit, to its row in the live table of its sensor,
 * one reading after the other.
 */
export async function timeRows(browser: Browser, { url, apiPort }: TimeRowsOptions): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1200 } });
  await page.goto(`${url}&sensor=${sensorId}`);
  await page.getByRole('table', { name: 'Readings' }).waitFor();
  async function time(probe: number): Promise<number> {
    const temperature = 10 + probe / 10;
    const shown = page.evaluate(waitForCell(temperature.toFixed(1)));
    await axios.post(`http://127.0.0.1:${apiPort}/predict`, {
      temperature,
      humidity: 51,
      sound_volume: 60,
      sensor_id: sensorId,
    });
    const answeredAt = Date.now();
    return z.number().parse(await shown) - answeredAt;
  }
  // Before the first row there is nothing to draw, and what draws is loaded with it.
  await time(0);
  const times: number[] = [];
  for (let probe = 1; probe <= count; probe++) times.push(await time(probe));
  await page.close();
  return times;
}
