import { describe, expect, test } from 'vitest';
import { type CsvOptions, takeRows } from '../testing/read-csv.ts';
import { provideCsvReader } from '../testing/show-csv.ts';
import { createRowTally } from './row-tally.ts';

const { open, read } = provideCsvReader();

describe('labels', () => {
  const labelsOf = async (name: string, cells: readonly string[]) => {
    const text = `temperature,humidity,sound_volume,${name}\n${cells.map((cell) => `1,2,3,${cell}\n`).join('')}`;
    const { rows, ignored } = await read(text);
    return { labels: rows.map((row) => row.slice(6)), ignored };
  };

  test.each([
    ['label', ['normal', 'anomaly']],
    ['Target', ['0.0', '1.0']],
    ['anomaly', ['False', 'True']],
    ['is_anomaly', ['no', 'yes']],
    ['label', ['OK', 'Fault']],
    ['Störung', ['nein', 'JA']],
    ['stoerung', ['i.O.', 'n.i.O.']],
    ['Fehler', ['falsch', 'wahr']],
    ['label', ['in Ordnung', 'Störung']],
    ['Ausfall', ['gut', 'schlecht']],
    ['Anomalie', ['ok', 'nok']],
    ['panne', ['non', 'oui']],
    ['défaut', ['faux', 'vrai']],
    ['Anomalía', ['no', 'sí']],
    ['fallo', ['falso', 'verdadero']],
    ['anomalia', ['normale', 'guasto']],
    ['guasto', ['no', 'sì']],
    ['storing', ['nee', 'ja']],
    ['falha', ['não', 'sim']],
    ['label', ['normal', 'avería']],
  ])('in a column %s are recognized: %s', async (name, cells) => {
    expect(await labelsOf(name, [...cells, ''])).toEqual({ labels: ['label 0', 'label 1', ''], ignored: [] });
  });

  test.each([
    ['label', ['A', 'B']],
    ['label', ['1', '-1']],
    ['class', ['A', 'B', 'C']],
    ['target', ['ok', 'warm']],
    ['Störung', ['0%', '1%']],
  ])('in a column %s are ignored where they are ambiguous: %s', async (name, cells) => {
    const { labels, ignored } = await labelsOf(name, cells);
    expect(labels).toEqual(cells.map(() => ''));
    expect(ignored).toEqual([expect.stringContaining(`${name} (not labels like 0 and 1`)]);
  });

  const given = (cells: readonly string[], options: CsvOptions = {}) =>
    read(`flow,state\n${cells.map((cell) => `1.5,${cell}\n`).join('')}`, {
      labelColumn: 'state',
      ...options,
    });

  test.each([
    [
      ['normal', 'leak'],
      '"leak"; --anomaly-labels gives all words that mean an anomaly, as in --anomaly-labels "leak"',
    ],
    [['A', 'B'], '"A", "B"; --anomaly-labels'],
    [['0', '1', '2', '3'], '"2", "3"; --anomaly-labels'],
  ])('in a given column are refused where their meaning is not known: %s', async (cells, message) => {
    await expect(given(cells)).rejects.toThrow(`mean neither normal nor anomaly: ${message}`);
  });

  test.each([
    [['normal', 'leak', 'Worn', 'idle'], ['leak', 'worn'], '0110'],
    [['A', 'B'], ['A'], '10'],
    [['0', '1.0', '2.0', '3'], ['2', '3'], '0011'],
    [['1', '-1'], ['1'], '10'],
  ])('mean what --anomaly-labels says: %s', async (cells, anomalyLabels, labels) => {
    const { rows } = await given(cells, { anomalyLabels });
    expect(rows.map((row) => row.at(-1)).join('')).toBe(labels);
  });

  test('given for anomalies are named if the first rows have none', async () => {
    const { remarks } = await given(['ok', 'leak'], { anomalyLabels: ['leek'] });
    expect(remarks).toEqual(['has no "leek" among the first labels in "state", which all count as normal']);
  });

  test('of 1 and -1 are those of scikit-learn, which is said', async () => {
    const { rows, remarks } = await given(['1', '-1', '+1', '-1.0']);
    expect(rows.map((row) => row.at(-1)).join('')).toBe('0101');
    expect(remarks).toEqual([
      'takes -1 in "state" for an anomaly, as in scikit-learn; --anomaly-labels 1 if it is 1',
    ]);
  });

  test('in a column whose name means normal are refused without --anomaly-labels', async () => {
    const text = 'flow,is_ok\n1.5,yes\n1.6,no\n';
    const options = { labelColumn: 'is_ok' };
    await expect(read(text, options)).rejects.toThrow(
      'whose name means normal; --anomaly-labels says which mean an anomaly, as in --anomaly-labels "no"',
    );
    expect((await read(text, { ...options, anomalyLabels: ['no'] })).rows).toEqual([
      '1.5 label 0',
      '1.6 label 1',
    ]);
    expect((await read(text.replace('yes', 'ok').replace('no', 'nok'), options)).rows).toEqual([
      '1.5 label 0',
      '1.6 label 1',
    ]);
  });

  test('that appear later are counted if their meaning is not known', async () => {
    const text = `flow,label\n${'1.5,normal\n'.repeat(9000)}1.5,leak\n1.5,\n1.5,leak\n1.5,fault\n`;
    const { layout, reader } = await open(text);
    const tally = createRowTally({ name: 'pump.csv', choice: layout.choice });
    for (const row of await takeRows(reader)) tally.add(row);
    expect(tally.describe()).toEqual([
      'pump.csv: 2 rows without a label: "leak" means neither normal nor anomaly (first in line 9002); ' +
        '--anomaly-labels gives all words that mean an anomaly',
    ]);
  });

  test('need a column for --anomaly-labels', async () => {
    await expect(read('flow,p\n1,2\n', { anomalyLabels: ['leak'] })).rejects.toThrow('--label names it');
  });
});
