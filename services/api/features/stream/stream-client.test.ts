import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createStreamClient } from './stream-client.ts';

function open({ sensors }: { sensors?: readonly string[] } = {}) {
  const response = new PassThrough();
  const client = createStreamClient({ response, type: 'climate', sensors });
  client.open('');
  return { response, client };
}

/** Takes what was sent. */
function read(response: PassThrough): string {
  return String(response.read() ?? '');
}

describe('createStreamClient', () => {
  test('sends what was added as one batch, then the changes', () => {
    const { response, client } = open();
    client.addReading('{"a":1}');
    client.addChange('event: alert\ndata: {}\n\n');
    client.addReading('{"a":2}');
    expect(read(response)).toBe('');
    client.sendBatch();
    expect(read(response)).toBe('event: readings\ndata: [{"a":1},{"a":2}]\n\nevent: alert\ndata: {}\n\n');
    client.sendBatch();
    expect(read(response)).toBe('');
  });

  test('sends the newest 200 readings, and refetch if there were more', () => {
    const { response, client } = open();
    for (let reading = 0; reading < 201; reading++) client.addReading(String(reading));
    client.sendBatch();
    const [, data, , , ...marker] = read(response).split('\n');
    const readings = JSON.parse(data?.slice('data: '.length) ?? '');
    expect(readings).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(marker.join('\n')).toContain('data: {}');
    client.addReading('201');
    client.sendBatch();
    expect(read(response)).toBe('event: readings\ndata: [201]\n\n');
  });

  test('bounds what waits for a client that does not read, and tells it to ask again', () => {
    const { response, client } = open();
    const reading = JSON.stringify('x'.repeat(300));
    client.addReading(JSON.stringify('x'.repeat(70_000)));
    client.sendBatch();
    const sent = response.writableLength + response.readableLength;
    for (let batch = 0; batch < 1000; batch++) {
      for (let count = 0; count < 10; count++) client.addReading(reading);
      client.addChange('event: alert\ndata: {}\n\n');
      client.sendBatch();
    }
    expect(response.writableLength + response.readableLength).toBe(sent);
    read(response);
    client.sendBatch();
    const text = read(response);
    expect(text.match(/xxx",/g)).toHaveLength(199);
    expect(text).toMatch(/event: refetch\ndata: \{\}\n\n$/);
  });

  test('disconnects a client that takes nothing between two heartbeats', () => {
    const { response, client } = open();
    client.beat();
    expect(read(response)).toBe(': heartbeat\n\n');
    client.addReading(JSON.stringify('x'.repeat(70_000)));
    client.sendBatch();
    client.beat();
    expect(response.destroyed).toBe(false);
    client.beat();
    expect(response.destroyed).toBe(true);
  });

  test('follows its type, and its sensors if there are any', () => {
    const [all, one] = [open().client, open({ sensors: ['attic'] }).client];
    expect(all.follows('climate', 'cellar')).toBe(true);
    expect(all.follows('pump')).toBe(false);
    expect(one.follows('climate', 'cellar')).toBe(false);
    expect(one.follows('climate', 'attic')).toBe(true);
    expect(one.follows('climate')).toBe(true);
  });
});
