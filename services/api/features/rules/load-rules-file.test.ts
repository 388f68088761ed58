import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadRulesFile } from './load-rules-file.ts';
import { toFaultLine } from './rules-text.ts';

const environment = { TOKEN: 'my-secret', EMPTY: '', HOST: 'example.com', BAD_URL: 'my-secret://x' };

async function load(content: string | Uint8Array, files: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, 'rules.yaml'), content);
  return loadRulesFile(join(directory, 'rules.yaml'), environment);
}

/** The faults as the command prints them. */
async function findFaults(content: string | Uint8Array, files?: Readonly<Record<string, string>>) {
  const { faults } = await load(content, files);
  return faults.map((fault) => toFaultLine('rules.yaml', fault).trimEnd());
}

/** A rules file with one rule, whose other lines begin at line 3. */
const rule = (...lines: string[]) =>
  ['rules:', '  - name: A', ...lines.map((line) => `    ${line}`), ''].join('\n');
const condition = 'condition: { kind: silent, after: 5m }';
/** A rules file with one receiver, whose other lines begin at line 3. */
const receiver = (...lines: string[]) => rule(...lines).replace('rules:', 'receivers:');
const slack = `slack: { url: 'https://example.com' }`;

/** One fault each: the text, and the fault without the name of the file. */
const mistakes: readonly (readonly [mistake: string, text: string, fault: string])[] = [
  // YAML
  ['a tab', 'rules:\n\t- name: A\n', '2:1: Tabs are not allowed as indentation'],
  ['a bracket that is not closed', 'rules: [\n', '2:1: Flow sequence in block collection'],
  ['a quote that is not closed', `rules: 'x\n`, `2:1: Missing closing 'quote`],
  ['a backslash', 'rules: "\\my-secret"\n', '1:9: unknown escape sequence'],
  ['text after a value', 'rules: []\nreceivers: [] my-secret\n', '2:15: unexpected text'],
  ['text at the wrong place', '- a\nmy-secret: my-secret\n', '2:1: unexpected text'],
  ['a colon in text', rule(condition, 'type: my-secret: x'), '4:11: unexpected colon'],
  ['a key twice', rule(condition, 'for: 5m', 'for: 6m'), '5:5: the same key again'],
  ['two documents', 'rules: []\n---\nrules: []\n', '2:1: expected one document'],
  ['a tag', rule(condition, 'type: !include climate'), '4:11: tags that begin with !'],
  ['a key that is no text', rule(condition, '? [a]', ': 1'), '4:7: expected text as a key'],
  ['an alias without an anchor', rule('condition: *silent'), '3:16: expected the name of an anchor'],
  ['an empty file', '', '1:1: the file has no rules or receivers'],
  ['only comments', '# rules\n', '1:1: the file has no rules or receivers'],
  ['a list', '- name: A\n', '1:1: expected an object'],
  // Fields
  ['an unknown section', 'rule: []\n', '1:1: rule: unknown field (did you mean "rules"?)'],
  ['no list', 'rules:\nreceivers: []\n', '1:7: rules: expected an array'],
  ['no name', `rules:\n  - ${condition}\n`, '2:5: rules[0].name: required'],
  [
    'a name that is a number',
    `rules:\n  - name: 7\n    ${condition}\n`,
    '2:11: rules[0].name: expected text',
  ],
  ['no condition', rule('for: 5m'), '2:5: rules[0].condition: required'],
  [
    'a name twice',
    `${rule(condition)}${rule(condition).replace('rules:\n', '')}`,
    '4:11: rules[1].name: is also the name of rules[0]',
  ],
  [
    'an unknown field',
    rule(condition, 'keep_firing: 5m'),
    '4:5: rules[0].keep_firing: unknown field (did you mean',
  ],
  [
    'a field far from all',
    rule(condition, '"my field": 5m'),
    '4:5: rules[0]["my field"]: unknown field; the fields are name, type',
  ],
  [
    'a type in capitals',
    rule(condition, 'type: Climate'),
    '4:11: rules[0].type: expected 1 to 48 of the characters',
  ],
  ['no duration', rule(condition, 'for: 5 min'), '4:10: rules[0].for: expected a duration such as "90s"'],
  [
    'a number as a duration',
    rule(condition, 'for: 300'),
    '4:10: rules[0].for: expected a duration such as "90s"',
  ],
  ['a long duration', rule(condition, 'for: 11y'), '4:10: rules[0].for: expected at most 10y'],
  [
    'a label name',
    rule(condition, 'labels: { team-name: x }'),
    '4:15: rules[0].labels.team-name: expected letters',
  ],
  [
    'a label of ours',
    rule(condition, 'labels: { sensor: x }'),
    '4:15: rules[0].labels.sensor: the label "sensor" is set',
  ],
  [
    'a label that is a number',
    rule(condition, 'labels: { team: 7 }'),
    '4:21: rules[0].labels.team: expected text',
  ],
  [
    'an unknown severity',
    rule(condition, 'labels: { severity: urgent }'),
    '4:25: rules[0].labels.severity: expected "info", "warning" or "critical"',
  ],
  [
    'an unknown annotation',
    rule(condition, 'annotations: { sumary: x }'),
    '4:20: rules[0].annotations.sumary: unknown field (did you mean "summary"?)',
  ],
  [
    'an unknown template field',
    rule(condition, `annotations: { summary: '{{ sensr }}' }`),
    '4:29: rules[0].annotations.summary: unknown field "sensr" (did you mean "sensor"?); the fields are rule, sensor,',
  ],
  [
    'a label that the rule lacks',
    rule(condition, `annotations: { summary: '{{ labels.team }}' }`),
    '4:29: rules[0].annotations.summary: unknown field "labels.team"',
  ],
  [
    'an open template',
    rule(condition, `annotations: { summary: '{{ sensor' }`),
    '4:29: rules[0].annotations.summary: expected }} after {{',
  ],
  // Conditions
  [
    'an unknown kind',
    rule('condition: { kind: anomaly }'),
    '3:24: rules[0].condition.kind: expected "anomaly_share", "anomalies_in_a_row"',
  ],
  ['no kind', rule('condition: { after: 5m }'), '3:16: rules[0].condition.kind: expected "anomaly_share"'],
  [
    'a field of another kind',
    rule('condition: { kind: silent, after: 5m, window: 5 }'),
    '3:43: rules[0].condition.window: unknown field; the fields are kind, after, intervals',
  ],
  [
    'a share above 1',
    rule('condition: { kind: late, window: 5, raise: 30 }'),
    '3:48: rules[0].condition.raise: expected a number, at most 1',
  ],
  [
    'clear above raise',
    rule('condition: { kind: late, window: 5, raise: 0.3, clear: 0.4 }'),
    '3:60: rules[0].condition.clear: expected a share below `raise`',
  ],
  [
    'a window of 0',
    rule('condition: { kind: late, window: 0s, raise: 0.3 }'),
    '3:38: rules[0].condition.window: expected a duration of more than 0',
  ],
  [
    'no level',
    rule('condition: { kind: feature, feature: t }'),
    '3:16: rules[0].condition.above: expected `above`, `below` or `outside_limits: true`',
  ],
  [
    'both limits of silence',
    rule('condition: { kind: silent, after: 5m, intervals: 5 }'),
    '3:39: rules[0].condition.after: expected either `after` or `intervals`',
  ],
  // Receivers
  [
    'no channel',
    receiver('rules: "*"'),
    '2:5: receivers[0]: expected exactly one of alertmanager, webhook, email',
  ],
  [
    'two channels',
    receiver(slack, 'email: { to: [a@example.com] }'),
    '2:5: receivers[0]: expected exactly one of alertmanager',
  ],
  [
    'an unknown channel',
    receiver(slack, 'pagerduty: {}'),
    '4:5: receivers[0].pagerduty: unknown field; the fields are name, severities',
  ],
  [
    'a receiver twice',
    `${receiver(slack)}${receiver(slack).replace('receivers:\n', '')}`,
    '4:11: receivers[1].name: is also the name of receivers[0]',
  ],
  [
    'no URL',
    receiver('slack: { url: my-secret }'),
    '3:19: receivers[0].slack.url: expected a URL that begins with',
  ],
  [
    'a URL of another protocol',
    receiver('slack: { url: file:///my-secret }'),
    '3:19: receivers[0].slack.url: expected a URL that begins with',
  ],
  [
    'neither URL nor file',
    receiver('slack: {}'),
    '3:12: receivers[0].slack: expected either `url` or `url_file`',
  ],
  [
    'a secret twice',
    receiver('webhook: { url: "https://example.com", secret: my-secret, secret_file: x }'),
    '3:14: receivers[0].webhook: expected either `secret` or `secret_file`',
  ],
  [
    'a secret that is none',
    receiver('webhook: { url: "https://example.com", secret: my-secret }'),
    '3:52: receivers[0].webhook.secret: expected a secret such as',
  ],
  [
    'a variable that is not set',
    receiver(`slack: { url: "https://\${NOWHERE}/" }`),
    '3:19: receivers[0].slack.url: the environment variable NOWHERE is not set',
  ],
  [
    'an empty variable',
    receiver(`slack: { url: "\${EMPTY}" }`),
    '3:19: receivers[0].slack.url: the environment variable EMPTY is not set',
  ],
  [
    'a variable without a URL',
    receiver(`slack: { url: "\${BAD_URL}" }`),
    '3:19: receivers[0].slack.url: expected a URL that begins with',
  ],
  [
    'no such file',
    receiver('slack: { url_file: nowhere }'),
    '3:24: receivers[0].slack.url_file: cannot read the file: it does not exist',
  ],
  [
    'a folder as a file',
    receiver('slack: { url_file: "." }'),
    '3:24: receivers[0].slack.url_file: not a file',
  ],
  [
    'a file without a URL',
    receiver('slack: { url_file: rules.yaml }'),
    '3:24: receivers[0].slack.url_file: expected a URL that begins with',
  ],
  ['one address', receiver('email: { to: a@example.com }'), '3:18: receivers[0].email.to: expected an array'],
  [
    'no address',
    receiver('email: { to: [example.com] }'),
    '3:19: receivers[0].email.to[0]: expected an e-mail address',
  ],
  [
    'a topic with a slash',
    receiver('ntfy: { topic: a/b }'),
    '3:20: receivers[0].ntfy.topic: expected 1 to 64 letters',
  ],
  [
    'an unknown severity',
    receiver(slack, 'severities: [critical, urgent]'),
    '4:28: receivers[0].severities[1]: expected "info", "warning" or "critical"',
  ],
  [
    'no time zone',
    receiver(slack, `quiet_hours: [{ from: '22:00', to: '06:00', timezone: Europe/Berln }]`),
    '4:59: receivers[0].quiet_hours[0].timezone: expected a time zone such as "Europe/Berlin"',
  ],
  [
    'a time without minutes',
    receiver(slack, `quiet_hours: [{ from: 22, to: '06:00' }]`),
    '4:27: receivers[0].quiet_hours[0].from: expected a time such as "22:00"',
  ],
  [
    'no hours',
    receiver(slack, `quiet_hours: [{ from: '22:00', to: '22:00' }]`),
    '4:40: receivers[0].quiet_hours[0].to: expected an end other than the start',
  ],
  [
    'an unknown day',
    receiver(slack, `quiet_hours: [{ from: '22:00', to: '23:00', days: [monday] }]`),
    '4:56: receivers[0].quiet_hours[0].days[0]: expected "mon", "tue"',
  ],
];

describe('loadRulesFile', () => {
  test.each(mistakes)('names line and column of %s', async (_, text, fault) => {
    const found = await findFaults(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`rules.yaml:${fault}`);
    expect(found.join()).not.toContain('my-secret');
  });

  test('names all faults in the order of the file', async () => {
    const text = [
      'receivers:',
      '  - name: R',
      `    slack: { url: "\${NOWHERE}" }`,
      'rules:',
      '  - name: A',
      '    for: soon',
      '    for: 5m',
      '    annotations: { summary: "{{ x }}" }',
      '    condition: { kind: late, window: 2000, raise: 2 }',
      '    labels: { "a b": c }',
    ];
    const { rules, receivers, faults } = await load(text.join('\n'));
    expect(faults.map(({ line, column, path }) => [line, column, path])).toEqual([
      [3, 19, 'receivers[0].slack.url'],
      [7, 5, ''],
      [8, 29, 'rules[0].annotations.summary'],
      [9, 38, 'rules[0].condition.window'],
      [9, 51, 'rules[0].condition.raise'],
      [10, 15, 'rules[0].labels["a b"]'],
    ]);
    expect([rules, receivers]).toEqual([[], []]);
  });

  test('finds the place of a fault behind other characters and line ends', async () => {
    const text = `\uFEFFrules:\r\n  - name: 'Kühlhaus 🧊'\r\n    ${condition}\r\n    for: soon\r\n`;
    expect(await findFaults(text)).toEqual([
      'rules.yaml:4:10: rules[0].for: expected a duration such as "90s", "5m" or "1h30m"',
    ]);
  });

  test('names a key with control characters without them', async () => {
    const found = await findFaults('"a\\e[31m\\nb": 1\n');
    expect(found).toEqual([
      'rules.yaml:1:1: ["a\\u001b[31m\\nb"]: unknown field; the fields are rules, receivers',
    ]);
  });

  test('accepts anchors, and types and features that do not exist yet', async () => {
    const text = [
      'rules:',
      '  - { name: A, type: tunnel, condition: &rise { kind: rate_of_change, feature: CO2, above: 1, per: 1m } }',
      '  - { name: B, condition: *rise }',
    ];
    const { rules, faults } = await load(text.join('\n'));
    expect(faults).toEqual([]);
    expect(rules.map(({ type, condition: { kind } }) => [type, kind])).toEqual([
      ['tunnel', 'rate_of_change'],
      [undefined, 'rate_of_change'],
    ]);
  });

  test('names the place of the anchor if what an alias means is wrong', async () => {
    const text =
      'rules:\n  - { name: A, condition: &c { kind: silent, after: 0s } }\n  - { name: B, condition: *c }\n';
    expect((await findFaults(text)).map((fault) => fault.slice(0, 50))).toEqual([
      'rules.yaml:2:53: rules[0].condition.after: expecte',
      'rules.yaml:2:53: rules[1].condition.after: expecte',
    ]);
  });

  test('replaces variables in URLs and secrets only', async () => {
    const text = [
      'receivers:',
      `  - { name: '\${HOST}', ntfy: { url: 'https://\${HOST}/\${TOKEN}', topic: a, token: 'x-\${TOKEN}' } }`,
    ];
    const { receivers, faults } = await load(text.join('\n'));
    expect(faults).toEqual([]);
    expect(receivers).toMatchObject([
      { name: `\${HOST}`, ntfy: { url: 'https://example.com/my-secret', topic: 'a', token: 'x-my-secret' } },
    ]);
  });

  const lists = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, depth, all) => {
    const entry = depth === 0 ? 'x' : `*${all[depth - 1]}`;
    return `${name}: &${name} [${Array(10).fill(entry).join()}]\n`;
  });

  test.each([
    ['aliases of aliases', lists.join(''), 'rules.yaml:2:8: too many aliases of aliases'],
    ['a file above 1 MiB', `#${' '.repeat(1_048_576)}`, 'rules.yaml:1:1: the file is larger than 1024 KiB'],
    ['Latin-1', Buffer.from('rules: [] # Kühlhaus', 'latin1'), 'rules.yaml:1:1: the file is not UTF-8'],
    ['UTF-16', Buffer.from('\uFEFFrules: []', 'utf16le'), 'rules.yaml:1:1: the file is not UTF-8'],
  ])('refuses %s', async (_, content, fault) => {
    expect(await findFaults(content)).toEqual([fault]);
  });

  test.each(['[', '{a: ', '- '])('refuses text that is nested too deeply: %s', async (start) => {
    const found = await findFaults(start.repeat(100_000));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^rules\.yaml:\d+:\d+: nested too deeply$/);
  });

  test('names a file that does not exist, and a folder', async () => {
    const { faults } = await loadRulesFile('/nowhere/rules.yaml', {});
    expect(faults).toEqual([
      { line: 1, column: 1, path: '', message: 'cannot read the file: it does not exist' },
    ]);
    expect((await loadRulesFile('/', {})).faults).toMatchObject([{ message: 'not a file' }]);
  });
});
