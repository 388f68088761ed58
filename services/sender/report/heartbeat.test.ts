import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

describe('startHeartbeat', () => {
  test('touches the file at once and at every interval until it is stopped', () => {
    const directory = mkdtempSync(join(tmpdir(), 'heartbeat-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 'alive');
    let beat: () => void = () => undefined;
    let isEnded = false;
    const end = startHeartbeat(file, {
      every: (_ms, action) => {
        beat = action;
        return () => {
          isEnded = true;
        };
      },
    });
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    beat();
    expect(existsSync(file)).toBe(true);
    end();
    expect(isEnded).toBe(true);
  });

  test('does nothing without a file', () => {
    startHeartbeat('', {
      every: () => {
        throw new Error('unexpected interval');
      },
    })();
  });
});
