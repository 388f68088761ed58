import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { describe, expect, test } from 'vitest';
import { createPreviewRule } from './preview-rule.ts';
import { createRequests } from './requests.ts';

const rule = { name: 'Hot', condition: { kind: 'anomalies_in_a_row', count: 2 } } as const;
const preview = {
  rule,
  from: '2026-11-22T10:00:00.000Z',
  to: '2026-11-22T11:00:00.000Z',
  readings: 2,
  incidents: [],
  incidents_truncated: false,
  counts: { incidents: 0, per_day: 0, sensors: 0 },
  median_length_s: null,
  median_delay_s: null,
  feedback: null,
};

/** The outcome of a preview that a server answers with these lines. */
async function previewAnsweredBy(lines: readonly object[]) {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const previewRule = createPreviewRule(
    createRequests(axios.create({ baseURL: `http://127.0.0.1:${port}`, adapter: 'http' })),
  );
  try {
    return await previewRule({ rule }, { signal: AbortSignal.timeout(10_000), onProgress: () => undefined });
  } finally {
    server.close();
  }
}

describe('a preview', () => {
  test('is the last line of the response', async () => {
    expect(await previewAnsweredBy([{ progress: 0.4, readings: 1 }, preview])).toMatchObject({ readings: 2 });
    expect(await previewAnsweredBy([preview])).toMatchObject({ readings: 2 });
  });

  test('fails with the problem that ended it', async () => {
    const type = 'urn:sensor-sentinel:problem:database_unavailable';
    const problem = { type, title: 'Unavailable', status: 503, detail: 'Database unavailable.', errors: [] };
    await expect(previewAnsweredBy([{ progress: 0.4, readings: 1 }, { problem }])).rejects.toMatchObject({
      message: 'Database unavailable.',
      isDatabaseDown: true,
    });
  });

  test('fails if the response ends early', async () => {
    const early = previewAnsweredBy([{ progress: 0.4, readings: 1 }]);
    await expect(early).rejects.toThrow('The preview ended before it was complete.');
  });
});
