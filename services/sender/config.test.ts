import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import { toHelp } from './help.ts';
import { settings } from './settings.ts';

function configOf(env: Record<string, string>, args: string[] = []) {
  const parsed = parseConfig({ env, args });
  return parsed.kind === 'config' ? parsed.config : parsed;
}

function faultsOf(env: Record<string, string>, args: string[] = []) {
  const parsed = parseConfig({ env, args });
  return parsed.kind === 'faults' ? parsed.faults : parsed;
}

describe('parseConfig', () => {
  test('has a default for everything', () => {
    expect(configOf({})).toEqual({
      file: expect.stringMatching(/services\/sender\/data\/readings\.csv$/),
      apiUrl: 'http://127.0.0.1:5000',
      rate: 2,
      loops: 0,
      sensorId: 'replay',
      backfill: 1000,
      backfillSpanMs: 3_600_000,
      timestamps: 'arrival',
      concurrency: 16,
      timeoutMs: 10_000,
      readyTimeoutMs: 0,
      heartbeatFile: '',
      json: false,
    });
  });

  test('prefers the flag to the variable, and takes an empty variable for none', () => {
    const env = { SENDER_RATE: '5', SENDER_LOOPS: '3', SENDER_FILE: '' };
    expect(configOf(env, ['--rate', '0', '--json'])).toMatchObject({ rate: 0, loops: 3, json: true });
    expect(configOf(env)).toHaveProperty('file', expect.stringContaining('data/readings.csv'));
  });

  test('reads durations with their units, milliseconds without', () => {
    const env = { SENDER_TIMEOUT: '1500', SENDER_BACKFILL_SPAN: '90m', SENDER_READY_TIMEOUT: '2.5s' };
    expect(configOf(env)).toMatchObject({ timeoutMs: 1500, backfillSpanMs: 5_400_000, readyTimeoutMs: 2500 });
  });

  test('leaves out the slash at the end of the URL', () => {
    expect(configOf({ SENDER_API_URL: 'https://example.org/api/' })).toHaveProperty(
      'apiUrl',
      'https://example.org/api',
    );
  });

  test('reports all faults at once, each with variable, flag, what was given and what was expected', () => {
    const env = { SENDER_RATE: 'fast', SENDER_API_URL: 'localhost:5000', SENDER_SENSOR_ID: 'x'.repeat(65) };
    expect(faultsOf(env, ['--loops=-1', '--timeout', 'soon', '--lops', '3', '--file'])).toEqual([
      '--lops: no such flag; see --help',
      '"3": expected flags only; see --help',
      '--file: given nothing, expected a value',
      'SENDER_API_URL / --api-url: given "localhost:5000", expected a URL that begins with http:// or https://',
      'SENDER_RATE / --rate: given "fast", expected 0, or a number from 0.001 to 10000',
      'SENDER_LOOPS / --loops: given "-1", expected a whole number from 0 to 1000000000',
      `SENDER_SENSOR_ID / --sensor-id: given "${'x'.repeat(65)}", expected 1 to 64 characters`,
      'SENDER_TIMEOUT / --timeout: given "soon", expected a duration from 1ms to 10m, as in 500ms, 90s, 15m, 1h',
    ]);
  });

  test.each([
    ['--rate', '-1'],
    ['--rate', ''],
    ['--rate', '1e3'],
    ['--rate', '0.0001'],
    ['--loops', '1.5'],
    ['--concurrency', '0'],
    ['--backfill', '100001'],
    ['--backfill-span', '0'],
    ['--timestamps', 'now'],
    ['--timeout', '0'],
  ])('refuses %s %s', (flag, value) => {
    expect(faultsOf({}, [flag, value])).toEqual([
      expect.stringContaining(`${flag}: given "${value}", expected`),
    ]);
  });

  test('refuses a value for a flag that takes none', () => {
    expect(faultsOf({}, ['--json=yes'])).toEqual(['--json: given a value, expected none']);
  });

  test('helps whatever else is given', () => {
    expect(parseConfig({ env: { SENDER_RATE: 'x' }, args: ['--nonsense', '-h'] })).toEqual({ kind: 'help' });
  });

  test('names a packaged file that is there', () => {
    expect(existsSync(String(Reflect.get(configOf({}), 'file')))).toBe(true);
  });
});

describe('toHelp', () => {
  test('lists each flag with its variable, default and meaning', () => {
    const help = toHelp();
    for (const { flag, variable, preset, meaning } of Object.values(settings)) {
      expect(help).toMatch(new RegExp(`--${flag} +${variable} .*${preset}`));
      expect(help).toContain(meaning);
    }
  });
});
