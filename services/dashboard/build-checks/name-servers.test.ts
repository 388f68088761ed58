import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const script = join(import.meta.dirname, '../name-servers.sh');

describe('name-servers.sh', () => {
  test.each([
    ['Docker', 'nameserver 127.0.0.11\noptions edns0 trust-ad ndots:0\n', '127.0.0.11 '],
    ['Podman', 'search dns.podman\nnameserver 10.89.0.1\n', '10.89.0.1 '],
    [
      'several servers',
      'nameserver 10.0.2.3\n# nameserver 1.1.1.1\nnameserver  192.0.2.1\n',
      '10.0.2.3 192.0.2.1 ',
    ],
    ['IPv6', 'nameserver fd00::53\nnameserver fe80::1%eth0\n', '[fd00::53] '],
    ['a file without line end', 'domain lan\nnameserver 192.0.2.1', '192.0.2.1 '],
    // As resolv.conf(5) says.
    ['no server', 'search lan\n', '127.0.0.1 '],
  ])('reads the resolv.conf of %s', (_whose, text, servers) => {
    const directory = mkdtempSync(join(tmpdir(), 'name-servers-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const [given, written] = [join(directory, 'resolv.conf'), join(directory, 'resolver.conf')];
    writeFileSync(given, text);
    execFileSync('sh', [script, given, written]);
    expect(readFileSync(written, 'utf8')).toBe(`resolver ${servers}valid=1s ipv6=off;\n`);
  });
});
