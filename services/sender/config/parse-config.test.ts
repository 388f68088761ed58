import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toHelp } from './help.ts';
import { parseConfig } from './parse-config.ts';
import { runSettings, settings } from './settings.ts';

function configOf(env: Record<string, string>, args: string[] = []) {
  const parsed = parseConfig({ env, args });
  return parsed.kind === 'config' ? parsed.config : parsed;
}

function faultsOf(env: Record<string, string>, args: string[] = []) {
  const parsed = parseConfig({ env, args });
  return parsed.kind === 'faults' ? parsed.faults : parsed;
}

describe('parseConfig', () => {
  test('has a default for every setting', () => {
    expect(configOf({})).toEqual({
      ...{ mode: 'share', replay: '', name: '', sensorId: '', apiUrl: 'http://127.0.0.1:5000' },
      file: expect.stringMatching(/services\/sender\/data\/readings\.csv$/),
      ...{ rate: 2, rateOf: 'total', loops: 0, backfill: 1000, backfillSpanMs: 3_600_000 },
      ...{ timestamps: 'arrival', speed: 1, maxGapMs: 0, jitter: 0, seed: 1 },
      faults: { dup: 0, drop: 0, late: 0, garbage: 0 },
      ...{
        type: '',
        columns: {},
        long: undefined,
        label: '',
        anomalyLabels: [],
        missing: expect.arrayContaining(['', 'nan']),
      },
      ...{ dateFormat: undefined, timeZone: '', delimiter: '', decimal: undefined, encoding: '' },
      isHeaderless: false,
      ...{ concurrency: 16, batch: 1, format: 'json', late: 'wait', maxLagMs: 1000, chunk: 0 },
      ...{ timeoutMs: 10_000, readyTimeoutMs: 0, heartbeatFile: '', metricsPort: 0 },
      ...{ json: false, isDryRun: false, isRestart: false, isFindMax: false, expectations: undefined },
      ...{ findMaxP99Ms: 50, findMaxShedShare: 0.01, findMaxHoldMs: 30_000 },
    });
  });

  test('lets flags override variables, and takes an empty variable for unset', () => {
    const env = { SENDER_RATE: '5', SENDER_LOOP: '3', SENDER_FILE: '' };
    expect(configOf(env, ['--rate', '0', '--json'])).toMatchObject({ rate: 0, loops: 3 });
    expect(configOf(env)).toHaveProperty('file', expect.stringContaining('data/readings.csv'));
    expect(configOf(env, ['--json'])).toMatchObject({ json: true, isDryRun: false });
  });

  test('reads durations with units, and as milliseconds without', () => {
    const env = { SENDER_TIMEOUT: '1500', SENDER_BACKFILL_SPAN: '90m', SENDER_READY_TIMEOUT: '2.5s' };
    expect(configOf(env)).toMatchObject({ timeoutMs: 1500, backfillSpanMs: 5_400_000, readyTimeoutMs: 2500 });
  });

  test.each(['constructor', 'toString', '__proto__'])('accepts no flag and no value %s', (name) => {
    expect(faultsOf({}, [`--${name}=1`])).toEqual([`--${name}: no such flag; see --help`]);
    const flags = ['mode', 'rate-of', 'timestamps', 'format', 'late', 'delimiter'];
    const texts = [`--long=${name}=x`, `--faults=${name}:1%`, `--timeout=5${name}`, `--expect=${name}<1`];
    const faults = faultsOf({}, [...flags.map((flag) => `--${flag}=${name}`), ...texts]);
    expect(faults).toHaveLength(flags.length + texts.length);
  });

  test('removes a trailing slash of the URL', () => {
    expect(configOf({ SENDER_API_URL: 'https://example.org/api/' })).toHaveProperty(
      'apiUrl',
      'https://example.org/api',
    );
  });

  test('reports all faults at once, each with variable, flag, what was given and what was expected', () => {
    const env = { SENDER_RATE: 'fast', SENDER_API_URL: 'localhost:5000', SENDER_SENSOR_ID: 'x'.repeat(65) };
    expect(faultsOf(env, ['--loop=-1', '--timeout', 'soon', '--lops', '3', '--file'])).toEqual([
      '--lops: no such flag; see --help',
      '"3": expected flags only; see --help',
      '--file: given nothing, expected a value',
      'SENDER_API_URL / --api-url: given "localhost:5000", expected a URL that begins with http:// or https://',
      'SENDER_RATE / --rate: given "fast", expected 0, or a number from 0.001 to 1000000',
      'SENDER_LOOP / --loop: given "-1", expected a whole number from 0 to 1000000000',
      `SENDER_SENSOR_ID / --sensor-id: given "${'x'.repeat(65)}", expected 1 to 64 characters`,
      'SENDER_TIMEOUT / --timeout: given "soon", expected a duration from 1ms to 10m, as in 500ms, 90s, 15m, 1h',
    ]);
  });

  test.each([
    ['--rate', '-1'],
    ['--rate', ''],
    ['--rate', '1e3'],
    ['--rate', '0.0001'],
    ['--loop', '1.5'],
    ['--concurrency', '0'],
    ['--backfill', '100001'],
    ['--backfill-span', '0'],
    ['--timestamps', 'then'],
    ['--mode', 'both'],
    ['--replay', 'a/b'],
    ['--speed', 'fast'],
    ['--jitter', '120%'],
    ['--faults', 'dup=1%'],
    ['--columns', 'max=Farbe'],
    ['--columns', 'flow'],
    ['--long', 'sensor=a,value=b'],
    ['--date-format', '%Y-%m-%d'],
    ['--date-format', 'soon'],
    ['--date-format', 'yyyy-MM-dd mm:ss'],
    ['--timezone', 'Europe/Atlantis'],
    ['--encoding', 'utf-99'],
    ['--decimal', 'dot'],
    ['--type', 'Pump 1'],
    ['--columns', 'temperature=T,temperature=U'],
    ['--delimiter', 'x'],
    ['--find-max-shed', '101%'],
    ['--timeout', '0'],
  ])('refuses %s %s', (flag, value) => {
    expect(faultsOf({}, [flag, value])).toEqual([
      expect.stringContaining(`${flag}: given "${value}", expected`),
    ]);
  });

  test.each([
    ['yyyy-mm-dd HH:MM', 'yyyy-MM-dd HH:mm'],
    ['dd/mm/yyyy', 'dd/MM/yyyy'],
    ['YYYY-MM-DD HH:mm:ss', 'yyyy-MM-dd HH:mm:ss'],
    ['yyyymmddHHMMSS', 'yyyyMMddHHmmss'],
    ['M/d/yyyy HH:mm a', 'M/d/yyyy hh:mm a'],
  ])('corrects the format of times %s', (given, corrected) => {
    expect(faultsOf({}, ['--date-format', given])).toEqual([
      expect.stringContaining(`"${given}", expected tokens of Luxon, as in ${corrected}`),
    ]);
  });

  test.each(['yyyyMMddHHmmss', "H:mm 'Uhr' d.M.yyyy", 'MMM d yyyy h:mm a', 'yyyy o H', 'epoch', 'ticks'])(
    'accepts the format of times %s',
    (format) => expect(configOf({}, ['--date-format', format])).toMatchObject({ dateFormat: format }),
  );

  test('reads percentages, fractions, faults and columns', () => {
    const env = {
      SENDER_SPEED: '200%',
      SENDER_JITTER: '0.25',
      SENDER_FAULTS: 'dup:1%',
      SENDER_DELIMITER: 'tab',
    };
    expect(
      configOf(env, ['--columns', 'temperature=Temp, inside (C),humidity=RH,Flow rate=Q']),
    ).toMatchObject({
      ...{ speed: 2, jitter: 0.25, faults: { dup: 0.01 }, delimiter: '\t' },
      columns: { temperature: 'Temp, inside (C)', humidity: 'RH', 'Flow rate': 'Q' },
    });
  });

  test('reports settings that contradict each other', () => {
    expect(faultsOf({}, ['--batch', '5000'])).toEqual([
      'SENDER_BATCH / --batch: given "5000"; expected at most 1000, or --format ndjson',
    ]);
    expect(faultsOf({}, ['--file', '-', '--mode', 'copy'])).toEqual([
      expect.stringContaining('expected share'),
    ]);
    expect(faultsOf({}, ['--late', 'drop', '--rate', '0'])).toEqual([
      expect.stringContaining('expected wait'),
    ]);
    expect(faultsOf({}, ['--dry-run', '--restart'])).toEqual(['--dry-run, --restart: give only one of them']);
    expect(faultsOf({}, ['--expect', 'p98<1'])).toEqual([
      expect.stringContaining('--expect: given "p98<1", "p98<1": no figure'),
    ]);
  });

  test('refuses a value for a flag that takes none', () => {
    expect(faultsOf({}, ['--json=yes'])).toEqual(['--json: given a value, expected none']);
  });

  test('returns help whatever else is given', () => {
    expect(parseConfig({ env: { SENDER_RATE: 'x' }, args: ['--nonsense', '-h'] })).toEqual({ kind: 'help' });
  });

  test('names a packaged file that exists', () => {
    expect(existsSync(String(Reflect.get(configOf({}), 'file')))).toBe(true);
  });
});

describe('toHelp', () => {
  test('lists each flag with its variable, default and meaning', () => {
    const help = toHelp();
    const all = [...Object.values(settings), ...Object.values(runSettings)];
    for (const { flag, variable = '', preset = '', meaning } of all) {
      expect(help).toMatch(new RegExp(`--${flag} *${variable} *${preset}$`, 'm'));
      expect(help).toContain(meaning);
    }
  });
});
