import { replayNameSchema, senderNameSchema, sensorIdSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NameOptions, toNames, toReplayName } from './names.ts';

const given: NameOptions = {
  ...{ mode: 'share', file: '/files/hall 3.csv.gz', fingerprint: 'a1b2c3d4e5', replay: '', sender: '' },
  ...{ sensorId: '', hostname: 'box', isContainer: false, unique: 'k3x9' },
};

describe('toNames', () => {
  test('names the replay after the file and its content', () => {
    expect(toNames(given).replay).toBe('hall-3-a1b2c3d4');
    expect(toNames({ ...given, file: '-', fingerprint: null }).replay).toBe('stdin-k3x9');
  });

  test('gives senders on one host unique names, and keeps the name of a container and of a copy', () => {
    expect(toNames(given).sender).toBe('box-k3x9');
    expect(toNames({ ...given, isContainer: true }).sender).toBe('box');
    expect(toNames({ ...given, mode: 'copy' }).sender).toBe('box');
  });

  test('gives each copy a sensor and a replay of its own', () => {
    expect(toNames({ ...given, mode: 'copy', sender: 'a' })).toEqual({
      ...{ sender: 'a', sensorId: 'hall 3-a', replay: 'hall-3-a1b2c3d4@hall-3-a' },
    });
  });

  test('keeps names that are given', () => {
    const named = { replay: 'night', sender: 'one', sensorId: 'boiler' };
    expect(toNames({ ...given, ...named })).toEqual(named);
  });

  test('makes names that the API accepts from any file and host name', () => {
    const text = fc.string({ minLength: 1, maxLength: 300 }).filter((name) => !/[/\p{C}\s]/u.test(name));
    fc.assert(
      fc.property(text, text, fc.constantFrom('share', 'copy'), (file, hostname, mode) => {
        const names = toNames({ ...given, file: `/files/${file}x`, hostname, mode });
        expect(senderNameSchema.safeParse(names.sender).success).toBe(true);
        expect(replayNameSchema.safeParse(names.replay).success).toBe(true);
        expect(sensorIdSchema.safeParse(names.sensorId).success).toBe(true);
      }),
    );
  });
});

describe('toReplayName', () => {
  test('keeps long names unique', () => {
    const names = ['x', 'y'].map((end) => toReplayName(`${'a'.repeat(64)}`, `.${end}`));
    expect(names.map((name) => name.length)).toEqual([64, 64]);
    expect(new Set(names).size).toBe(2);
  });
});
