import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelKinds, conditionSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type LoadedRules, loadRulesFile, parseRules } from './load-rules-file.ts';
import { toRulesSchema } from './rules-schema.ts';
import { toRulesText } from './rules-text.ts';
import { templateFields } from './template.ts';

const root = join(import.meta.dirname, '../../../..');
const text = readFileSync(join(root, 'rules.example.yaml'), 'utf8');

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const secretUrl = 'https://hooks.example.com/secret-path';
const environment = {
  NTFY_TOKEN: 'secret-token',
  WEBHOOK_SECRET: secret,
  SLACK_URL: secretUrl,
  DISCORD_URL: secretUrl,
};
const files = {
  'ntfy-token': 'secret-token\n',
  'webhook-secret': `${secret}\n`,
  'teams-url': `${secretUrl}\n`,
};

async function loadExample(): Promise<LoadedRules> {
  const directory = mkdtempSync(join(tmpdir(), 'rules-example-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  copyFileSync(join(root, 'rules.example.yaml'), join(directory, 'rules.yaml'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return loadRulesFile(join(directory, 'rules.yaml'), environment);
}

const objectSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/** The names of all fields, on every level. */
function listFields(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = Object.keys(objectSchema.safeParse(schema).data?.properties ?? {});
  return [...own, ...Object.values(schema).flatMap(listFields)];
}

describe('rules.example.yaml', () => {
  test('has every kind of condition and every channel', async () => {
    const { rules, receivers, faults } = await loadExample();
    expect(faults).toEqual([]);
    const kinds = conditionSchema.options.map((option) => option.shape.kind.value);
    expect(new Set(rules.map(({ condition }) => condition.kind))).toEqual(new Set(kinds));
    const used = channelKinds.filter((kind) => receivers.some((receiver) => receiver[kind] !== undefined));
    expect(used).toEqual(channelKinds);
  });

  test('has every field of rules and receivers', () => {
    const fields = new Set(listFields(toRulesSchema()));
    expect(fields.size).toBeGreaterThan(40);
    expect([...fields].filter((field) => !new RegExp(`\\b${field}:`).test(text))).toEqual([]);
  });

  test('has every field of a template', () => {
    expect(templateFields.filter((field) => !text.includes(`{{ ${field} }}`))).toEqual([]);
    expect(text).toContain('{{ labels.team }}');
  });

  test('has the secrets of variables and files, which the table leaves out', async () => {
    const loaded = await loadExample();
    const find = (name: string) => loaded.receivers.find((receiver) => receiver.name === name);
    expect(find('Own program')?.webhook?.secret).toBe(secret);
    expect(find('Another program')?.webhook?.secret).toBe(secret);
    expect(find('Slack')?.slack).toEqual({ url: secretUrl });
    expect(find('Teams')?.teams).toEqual({ url: secretUrl });
    expect(find('On call')?.ntfy?.token).toBe('secret-token');
    expect(find('Public ntfy topic')?.ntfy?.url).toBe('https://ntfy.sh');
    const table = toRulesText(loaded);
    expect(table).toMatch(/^On call +ntfy +\* +warning, critical$/m);
    expect(table).toMatch(/^Silent +default +\* +silent +0s +critical$/m);
    expect(table).not.toMatch(/secret|whsec/);
  });
});

describe('parseRules', () => {
  const characters = fc.constantFrom(...' \n\t:-{}[]#&*!|>"\'%@,?$0aé\u0000');

  test('places every fault of a damaged file inside it, without secrets', async () => {
    const damage = fc.record({
      at: fc.nat(text.length),
      removed: fc.nat(30),
      added: fc.string({ unit: characters, maxLength: 5 }),
    });
    const sources = { environment: { ...environment, SLACK_URL: 'secret-token' }, directory: '/nowhere' };
    const property = fc.asyncProperty(damage, async ({ at, removed, added }) => {
      const damaged = text.slice(0, at) + added + text.slice(at + removed);
      const { faults } = await parseRules(damaged, sources);
      const lines = damaged.split('\n');
      expect(faults.length).toBeGreaterThan(0);
      for (const { line, column } of faults) {
        expect(lines.length).toBeGreaterThanOrEqual(line);
        expect(lines[line - 1]?.length).toBeGreaterThanOrEqual(column - 1);
      }
      expect(JSON.stringify(faults)).not.toMatch(/secret-token|secret-path|whsec_Bw/);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

describe('docs/rules.schema.json', () => {
  const schemaText = readFileSync(join(root, 'docs/rules.schema.json'), 'utf8');

  test('is what `npm run --silent rules -- schema` prints', () => {
    expect(schemaText).toBe(`${JSON.stringify(toRulesSchema(), null, 2)}\n`);
  });

  test('accepts the example, and refuses a typing error', () => {
    const schema = z.fromJSONSchema(JSON.parse(schemaText));
    expect(schema.safeParse(parse(text)).success).toBe(true);
    expect(schema.safeParse(parse(text.replace('raise: 0.3', 'rise: 0.3'))).success).toBe(false);
    expect(schema.safeParse(parse(text.replace('for: 2m', 'for: 2 min'))).success).toBe(false);
  });
});
