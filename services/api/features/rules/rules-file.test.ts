import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRulesFile } from './rules-file.ts';

const toRules = (...names: string[]) =>
  `rules: [${names.map((name) => `{ name: ${name}, condition: { kind: silent, after: 5m } }`).join()}]\n`;

/** A rules file that is followed, and what is logged about it. */
function follow(text: string) {
  const directory = mkdtempSync(join(tmpdir(), 'rules-file-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'rules.yaml');
  writeFileSync(path, text);
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const file = createRulesFile({ path, environment: { TOKEN: 'my-secret' }, log });
  return {
    file,
    path,
    lines,
    /** Replaces the file at once, as editors do. */
    replace: (content: string) => {
      writeFileSync(`${path}.new`, content);
      renameSync(`${path}.new`, path);
    },
    findNames: () => file.current().rules.map(({ name }) => name),
  };
}

describe('createRulesFile', () => {
  test('reads the file at the first call, and again after a change that two calls find', async () => {
    const { file, replace, findNames } = follow(toRules('A'));
    expect(findNames()).toEqual([]);
    expect(await file.read()).toBe(true);
    expect(findNames()).toEqual(['A']);
    expect(await file.read()).toBe(false);
    replace(toRules('A', 'B'));
    expect(await file.read()).toBe(false);
    expect(findNames()).toEqual(['A']);
    expect(await file.read()).toBe(true);
    expect(findNames()).toEqual(['A', 'B']);
    expect(await file.read()).toBe(false);
  });

  test('waits while the file is still being written', async () => {
    const { file, path, findNames } = follow(toRules('A', 'B'));
    await file.read();
    writeFileSync(path, toRules('A'));
    expect(await file.read()).toBe(false);
    writeFileSync(path, toRules('A', 'B', 'C'));
    expect(await file.read()).toBe(false);
    expect(findNames()).toEqual(['A', 'B']);
    expect(await file.read()).toBe(true);
    expect(findNames()).toEqual(['A', 'B', 'C']);
  });

  test('keeps the rules of before while the file has a fault, which it logs once', async () => {
    const { file, replace, findNames, lines } = follow(toRules('A'));
    await file.read();
    replace('rules:\n  - name: B\n');
    for (let call = 0; call < 5; call += 1) await file.read();
    expect(findNames()).toEqual(['A']);
    const fault = { line: 2, column: 5, path: 'rules[0].condition', message: 'required' };
    expect(file.current().faults).toEqual([fault]);
    expect(lines.filter(({ level }) => level === 50)).toMatchObject([
      { ...fault, msg: 'fault in the rules file' },
    ]);
    replace(toRules('B'));
    await file.read();
    expect(await file.read()).toBe(true);
    expect(findNames()).toEqual(['B']);
    expect(file.current().faults).toEqual([]);
  });

  test('names a file that does not exist, keeps the rules of before, and reads the file when it is there', async () => {
    const { file, path, replace, findNames, lines } = follow(toRules('A'));
    await file.read();
    rmSync(path);
    await file.read();
    expect(await file.read()).toBe(true);
    expect(findNames()).toEqual(['A']);
    expect(file.current().faults).toMatchObject([{ message: 'cannot read the file: it does not exist' }]);
    expect(await file.read()).toBe(false);
    replace(toRules('B'));
    await file.read();
    await file.read();
    expect(findNames()).toEqual(['B']);
    expect(lines.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  test('logs no secret', async () => {
    const { file, replace, lines } = follow(
      `receivers: [{ name: A, ntfy: { topic: a, token: "\${TOKEN}" } }]\n`,
    );
    await file.read();
    expect(file.current().receivers).toMatchObject([{ ntfy: { token: 'my-secret' } }]);
    replace(`receivers: [{ name: A, webhook: { url: "https://example.com", secret: "\${TOKEN}" } }]\n`);
    await file.read();
    await file.read();
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('my-secret');
  });
});
