import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(...args: string[]): Promise<Outcome> {
  const program = join(import.meta.dirname, 'rules.ts');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

function write(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'rules-command-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'rules.yaml');
  writeFileSync(path, text);
  return path;
}

describe('npm run rules', () => {
  test('check prints a table of a valid file', async () => {
    const path = write(`
rules:
  - { name: Cold store, sensors: 'cold-*', for: 2m, condition: { kind: silent, after: 5m }, labels: { severity: info } }
receivers:
  - { name: Mail, email: { to: [a@example.com] }, severities: [critical] }
`);
    expect(await run('check', path)).toEqual({
      code: 0,
      stdout: `
rule        type     sensors  condition  for  severity
Cold store  default  cold-*   silent     2m   info

receiver  channel  rules  severities
Mail      email    *      critical
`.trimStart(),
      stderr: '',
    });
  });

  test('check prints the place of each fault, and fails', async () => {
    const path = write('rules:\n  - name: A\n    for: soon\nreceivers: 1\n');
    expect(await run('check', path)).toEqual({
      code: 1,
      stdout: [
        `${path}:2:5: rules[0].condition: required\n`,
        `${path}:3:10: rules[0].for: expected a duration such as "90s", "5m" or "1h30m"\n`,
        `${path}:4:12: receivers: expected an array\n`,
      ].join(''),
      stderr: '',
    });
  });

  test('schema prints a JSON Schema', async () => {
    const { code, stdout } = await run('schema');
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout).properties)).toEqual(['rules', 'receivers']);
  });

  test.each([[[]], [['check']], [['check', 'a', 'b']], [['chekc', 'a']], [['schema', 'a']]])(
    'prints the usage, and fails: %j',
    async (args) => {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('npm run rules -- check rules.yaml');
    },
  );
});
