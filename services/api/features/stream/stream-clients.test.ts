import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createStreamClient, createStreamClients } from './stream-clients.ts';

const position = { seq: 7, holes: [] };
const maxBufferedBytes = 100_000;

interface Followed {
  type?: string;
  sensors?: readonly string[];
}

function join(clients: ReturnType<typeof createStreamClients>, { type = 'climate', sensors }: Followed = {}) {
  const response = new PassThrough();
  const client = createStreamClient({ response, type, sensors, maxBufferedBytes });
  client.goLive(undefined);
  clients.add(client);
  return response;
}

describe('createStreamClients', () => {
  const events = Array.from({ length: 500 }, (_, seq) => ({
    seq,
    type: 'climate',
    sensorId: seq % 2 === 0 ? 'even' : 'odd',
    text: `${seq}: ${'x'.repeat(100)}\n`,
  }));

  test('sends refetch to a client that does not read, disconnects it, and bounds its buffer', () => {
    const clients = createStreamClients(() => position);
    const stuck = join(clients);
    const reading = join(clients);
    let taken = '';
    reading.on('data', (chunk: Buffer) => {
      taken += chunk.toString();
    });
    for (let burst = 0; burst < 20; burst++) {
      clients.forEachLive((client) => client.send(events));
      reading.read();
    }
    expect(stuck.writableEnded).toBe(true);
    expect(stuck.writableLength).toBeLessThan(maxBufferedBytes + 2 * 500 * 110);
    expect(clients.count()).toBe(1);
    expect(reading.writableEnded).toBe(false);
    expect(taken.length).toBeGreaterThan(19 * 500 * 100);
    const left: string[] = [];
    for (let chunk = stuck.read(); chunk !== null; chunk = stuck.read()) left.push(String(chunk));
    expect(left.join('')).toMatch(/event: refetch\nid: 7\ndata: \{"reason":"too_slow"\}\n\n$/);
    stuck.destroy();
  });

  test('sends each client only the sensors it follows', () => {
    const clients = createStreamClients(() => position);
    const [all, even] = [join(clients), join(clients, { sensors: ['even'] })];
    clients.forEachLive((client) => client.send(events.slice(0, 4)));
    const change = { state: 'normal' as const, previous: null, at: '2026-03-01T00:00:00.000Z' };
    clients.announce('alert', { type: 'climate', sensor_id: 'odd', ...change });
    clients.announce('model', { type: 'climate', model: 'm-1' });
    expect(String(all.read()).match(/^\d/gm)).toEqual(['0', '1', '2', '3']);
    const text = String(even.read());
    expect(text.match(/^\d/gm)).toEqual(['0', '2']);
    expect(text.match(/^event: .*/gm)).toEqual(['event: model']);
  });

  test('sends each client only the type it follows', () => {
    const clients = createStreamClients(() => position);
    const [climate, pump] = [join(clients), join(clients, { type: 'pump' })];
    clients.forEachLive((client) => client.send(events.slice(0, 2)));
    clients.announce('model', { type: 'pump', model: null });
    expect(String(climate.read()).match(/^(\d|event: .*)/gm)).toEqual(['0', '1']);
    expect(String(pump.read())).toBe('event: model\ndata: {"type":"pump","model":null}\n\n');
  });
});
