import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toCsv } from './dataset.ts';
import { generateDataset } from './generate-dataset.ts';
import { type DatasetOptions, loadDataset, parseDataset } from './parse-dataset.ts';

const source = 'readings.csv';

function faultsOf(text: string, options: DatasetOptions = {}): string[] {
  try {
    parseDataset(text, { ...options, source });
  } catch (error) {
    if (error instanceof Error) return error.message.split('\n').map((line) => line.trim());
  }
  return [];
}

describe('parseDataset', () => {
  test('reads features in the order of the header, whatever the position of the label', () => {
    expect(parseDataset('a,target,b\n1,0,-2.5\n3e2,1,.5\n', { source })).toEqual({
      featureNames: ['a', 'b'],
      units: ['', ''],
      features: { rows: 2, columns: 2, values: Float64Array.of(1, -2.5, 300, 0.5) },
      labels: Uint8Array.of(0, 1),
      classNames: ['normal', 'anomaly'],
      remarks: [],
    });
  });

  test('reads what toCsv wrote', () => {
    const dataset = generateDataset({ rows: 200, seed: 9 });
    const { units, remarks, ...read } = parseDataset(toCsv(dataset), { source });
    expect(read).toEqual({ ...dataset, classNames: ['normal', 'anomaly'] });
    expect({ units, remarks }).toEqual({ units: ['°C', '%', 'dB'], remarks: [] });
  });

  test('ignores a byte order mark, CRLF, spaces and empty lines', () => {
    const { featureNames, features } = parseDataset('\ufeffa, target\r\n\r\n 1 , 0\r\n2,1\r\n\r\n', {
      source,
    });
    expect(featureNames).toEqual(['a']);
    expect(Array.from(features.values)).toEqual([1, 2]);
  });

  test('reads columns and classes named like properties of Object.prototype', () => {
    const text = '__proto__,constructor,toString\n1,2,constructor\n3,4,__proto__\n';
    expect(parseDataset(text, { source, target: 'toString', positive: '__proto__' })).toMatchObject({
      featureNames: ['__proto__', 'constructor'],
      features: { values: Float64Array.of(1, 2, 3, 4) },
      labels: Uint8Array.of(0, 1),
      classNames: ['constructor', '__proto__'],
    });
    expect(faultsOf(text, { target: 'valueOf' }).join()).toContain('the label column "valueOf" is missing');
  });

  test('takes another column as the label', () => {
    const text = 'a,is_leak [0 or 1]\n1,1\n2,0\n';
    for (const target of ['is_leak', 'is_leak [0 or 1]']) {
      expect(parseDataset(text, { source, target }).labels).toEqual(Uint8Array.of(1, 0));
    }
  });

  test.each([
    [';', 'a semicolon'],
    ['\t', 'a tab'],
  ])('accepts the delimiter %j', (delimiter, name) => {
    const text = '"a, first",target\n1,0\n2,1\n'.replaceAll(/,(?! )/g, delimiter);
    const { featureNames, remarks } = parseDataset(text, { source });
    expect(featureNames).toEqual(['a, first']);
    expect(remarks).toEqual([`the delimiter is ${name}`]);
  });
});

describe('names and units', () => {
  const text =
    'time,temperature [K],flow(1),humidity,pressure (hPa),target\nnoon,1,2,3,4,0\nnight,2,3,4,5,1\n';
  const features = ['temperature', 'flow(1)', 'humidity', 'pressure (hPa)'];

  test('are read from the header; the default features have default units', () => {
    const { featureNames, units, remarks } = parseDataset(text, { source, features });
    expect(featureNames).toEqual(['temperature', 'flow(1)', 'humidity', 'pressure']);
    expect(units).toEqual(['K', '', '%', 'hPa']);
    expect(remarks).toEqual(['columns that are no features are left out: "time" (not selected)']);
  });

  test('can be given in the order of the selected features', () => {
    const options = { features: ['humidity', 'temperature'], names: ['h', 't'], units: ['', '°C'] };
    const parsed = parseDataset(text, { source, ...options });
    expect(parsed).toMatchObject({ featureNames: ['h', 't'], units: ['', '°C'] });
    expect(Array.from(parsed.features.values)).toEqual([3, 1, 4, 2]);
  });

  test.each([
    [{ features: ['flow'] }, 'column "flow" is missing: found "time", "temperature"'],
    [{ features: ['target'] }, 'column "target" holds the label and cannot be a feature'],
    [{ features: ['humidity', 'humidity'] }, 'feature "humidity" is selected twice'],
    [{ features, names: ['a'] }, '1 names for 4 features'],
    [{ features, units: ['K', 'm'] }, '2 units for 4 features'],
    [{ features, names: ['a', 'b', 'c', 'a'] }, '"a" cannot name a feature'],
  ])('are refused: %j', (options, fault) => {
    expect(faultsOf(text, options).join()).toContain(fault);
  });
});

describe('classes', () => {
  const read = (cells: string[], options = {}) =>
    parseDataset(`a,target\n${cells.map((cell, i) => `${i},${cell}\n`).join('')}`, { source, ...options });

  test.each([
    { cells: ['ok', 'leak', 'ok'], names: ['ok', 'leak'], labels: [0, 1, 0], why: 'by their names' },
    { cells: ['dry', 'wet', 'wet'], names: ['wet', 'dry'], labels: [1, 0, 0], why: 'the rarer' },
    { cells: ['dry', 'wet'], names: ['dry', 'wet'], labels: [0, 1], why: 'the last in alphabetical order' },
    { cells: ['ja', 'nein', 'ja'], names: ['nein', 'ja'], labels: [1, 0, 1], why: 'by their names' },
    {
      cells: ['défaut', 'normal', 'défaut'],
      names: ['normal', 'défaut'],
      labels: [1, 0, 1],
      why: 'by their names',
    },
    { cells: ['ok', 'fault', 'fault'], names: ['ok', 'fault'], labels: [0, 1, 1], why: 'by their names' },
    { cells: ['True', 'False', 'True'], names: ['False', 'True'], labels: [1, 0, 1], why: 'by their names' },
    { cells: ['1', '-1', '1'], names: ['1', '-1'], labels: [0, 1, 0], why: 'as in scikit-learn' },
    { cells: ['1', '-1', '-1'], names: ['1', '-1'], labels: [0, 1, 1], why: 'as in scikit-learn' },
  ])('label 1 of two names is $why: $cells', ({ cells, names, labels, why }) => {
    const parsed = read(cells);
    expect(parsed.classNames).toEqual(names);
    expect(Array.from(parsed.labels)).toEqual(labels);
    expect(parsed.remarks[0]).toContain(`label 1 is "${names[1]}"`);
    expect(parsed.remarks[0]).toContain(why);
  });

  test('label 1 can be chosen, for names and for 0 and 1', () => {
    expect(read(['ok', 'leak', 'ok'], { positive: 'ok' })).toMatchObject({ classNames: ['leak', 'ok'] });
    expect(read(['a', 'b', 'c', 'b'], { positive: 'b' })).toMatchObject({
      classNames: ['not b', 'b'],
      remarks: ['label 1 is "b" (2 rows; as requested), label 0 is "a", "c" (2 rows)'],
    });
    expect(read(['0', '1.0', '0.0'], { positive: '0' })).toMatchObject({
      classNames: ['1', '0'],
      labels: Uint8Array.of(1, 0, 1),
    });
  });

  test('need --positive in a column whose name means normal', () => {
    const text = 'a,ok\n1,yes\n2,no\n';
    expect(() => parseDataset(text, { source, target: 'ok' })).toThrow(
      'column "ok": the name means normal: --positive gives',
    );
    expect(parseDataset(text, { source, target: 'ok', positive: 'no' }).classNames).toEqual(['yes', 'no']);
  });

  test.each([
    [['0', '0'], {}, 'every row has the class "0": expected two classes'],
    [
      ['1', '2', '3'],
      {},
      '3 classes, expected 0 and 1 or two names: "1" 1 times, "2" 1 times, "3" 1 times; --positive NAME',
    ],
    [['a', 'b', 'c'], { positive: 'd' }, 'no row has the class "d": found "a" and "b" and "c"'],
    [['a', 'b'], { positive: 'c' }, 'no row has the class "c": found "a" and "b"'],
  ])('are refused: %j %j', (cells, options, fault) => {
    expect(() => read(cells, options)).toThrow(fault);
  });
});

describe('rows', () => {
  test('with a missing value or label are left out and counted', () => {
    const { features, remarks } = parseDataset('a,b,target\n1,2,0\n,?,1\n3,NaN,1\n4,5,\n6,7,1\n', { source });
    expect(Array.from(features.values)).toEqual([1, 2, 6, 7]);
    expect(remarks).toEqual(['3 of 5 rows have a missing value and are left out: "a" 1, "b" 2, "target" 1']);
  });

  test('that repeat another are left out and counted, or kept on request', () => {
    const text = 'a,target\n1,0\n1.0,0\n1,1\n2,1\n1,0\n';
    const { features, labels, remarks } = parseDataset(text, { source });
    expect(Array.from(features.values)).toEqual([1, 1, 2]);
    expect(Array.from(labels)).toEqual([0, 1, 1]);
    expect(remarks).toEqual([
      '2 rows with the values and label of an earlier row are left out',
      '1 set of equal values with both labels: all rows are kept',
    ]);
    const kept = parseDataset(text, { source, duplicates: 'keep' });
    expect(kept.features.rows).toBe(5);
    expect(kept.remarks[0]).toContain('are kept: the metrics may be too high');
  });

  test('with a constant column are kept, with a remark', () => {
    const { featureNames, remarks } = parseDataset('a,b,target\n1,7,0\n2,7,1\n', { source });
    expect(featureNames).toEqual(['a', 'b']);
    expect(remarks).toEqual([
      '"b" has the same value in every row: it is kept, but cannot help to predict the label',
    ]);
  });
});

describe('lines below the rows', () => {
  test.each(['Total,9,1\n', 'Gesamt,9,1\nMittelwert,4.5,0.5\n', 'End of report\n'])(
    'that hold totals are left out: %j',
    (footer) => {
      const { features, remarks } = parseDataset(`time,a,target\n2026-01-01,1,0\n2026-01-02,2,1\n${footer}`, {
        source,
      });
      expect([...features.values]).toEqual([1, 2]);
      expect(remarks[0]).toContain('of totals below the rows');
    },
  );

  test('that hold a name that others hold, too, are rows', () => {
    const text = 'statistic,a,target\nmin,1,0\nmax,2,1\nmin,3,1\nmax,4,0\n';
    expect([...parseDataset(text, { source }).features.values]).toEqual([1, 2, 3, 4]);
  });
});

test('decimals begin with the given mark', () => {
  const text = 'a;target\n1.234;1\n2.500;0\n';
  expect([...parseDataset(text, { source, decimal: '.' }).features.values]).toEqual([1.234, 2.5]);
  expect([...parseDataset(text, { source, decimal: ',' }).features.values]).toEqual([1234, 2500]);
});

describe('faults', () => {
  test.each([
    ['an empty file', '', 'the file is empty; expected a CSV file of readings'],
    ['no rows', 'a,target\n', 'expected rows after the header, but there are none'],
    ['no label', 'a,b\n1,0\n', 'line 1: the label column "target" is missing: found "a", "b"'],
    ['no feature', 'target\n0\n', 'line 1: 0 feature columns, expected 1 to 64'],
    ['a repeated column', 'a [m],a,target\n1,2,0\n', 'line 1: column "a" occurs twice'],
    ['text', 'a,target\n12 °C,0\n', 'line 2, column "a": "12 °C", expected a number'],
    ['hexadecimal', 'a,target\n0x1f,0\n', 'line 2, column "a": "0x1f", expected a number'],
    ['infinity', 'a,target\n1e999,0\n', 'line 2, column "a": "1e999", expected a number'],
    ['a short row', 'a,b,target\n\n1,0\n', 'line 3: 2 cells, expected 3 as in the header'],
    ['an open quote', 'a,target\n"1,0\n', 'line 2: Quote Not Closed'],
    ['only text', 'a,target\nx,0\ny,1\n', 'column "a" has no numbers (line 2: "x")'],
    ['no complete row', 'a,b,target\n1,,0\n,2,1\n', 'every row has a missing value'],
    ['a cell that was too narrow', 'a,target\n1,0\n####,1\n', 'line 3, column "a": "####"'],
    [
      'numbers that can be read in two ways',
      'a;target\n1.234;1\n',
      '--decimal point reads 1.234, --decimal comma 1234',
    ],
    [
      'a line for each value',
      'sensor,metric,value,target\na,t,1.5,0\na,p,2,1\n',
      'a line for each value of each metric: write a column for each; --features "value"',
    ],
    ['constant columns only', 'a,target\n1,0\n1,1\n', 'every feature is constant'],
  ])('%s', (_, text, fault) => {
    expect(faultsOf(text)[0]).toBe('readings.csv: 1 fault');
    expect(faultsOf(text)[1]).toContain(fault);
  });

  test('are not made of columns that are no features', () => {
    const rows = ['1,a,2026-01-01,s-1,,0', '2,b,2026-01-02,s-2,,1', '3,c,2026-01-03,s-1,,0'];
    const text = ['x,note,date,sensor_id,empty,target', ...rows].join('\n');
    const { featureNames, remarks } = parseDataset(text, { source: 'readings.csv' });
    expect(featureNames).toEqual(['x']);
    expect(remarks).toEqual([
      'columns that are no features are left out: "note" (not numbers), "date" (times), "sensor_id" (names of sensors), "empty" (empty in the first rows)',
    ]);
  });

  test('leave out a long list of columns in a few words', () => {
    const names = Array.from({ length: 50 }, (_, index) => `c${index}`);
    const text = `${names.join()},x,target\n${[1, 2].map((x) => `${names.map(() => 'a').join()},${x},${x - 1}\n`).join('')}`;
    expect(parseDataset(text, { source }).remarks[0]).toMatch(/"c5" \(not numbers\) and 44 more$/);
  });

  test('are listed up to ten; the rest are counted', () => {
    const faults = faultsOf(`a,target\n1,0\n${'x,0\n'.repeat(25)}`);
    expect(faults[0]).toBe('readings.csv: 25 faults');
    expect(faults[10]).toBe('line 12, column "a": "x", expected a number');
    expect(faults.at(-1)).toBe('and 15 more');
  });
});

describe('loadDataset', () => {
  test('hashes the bytes of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dataset-'));
    const path = join(folder, 'rows.csv');
    await writeFile(path, 'a,target\n1,0\n2,1\n');
    const { sha256, labels } = await loadDataset(path);
    expect(sha256).toBe('c50c79a5c22065fb081e9e5205a93fa781de3b215c25dc68880a3229e01e6d52');
    expect(labels).toEqual(Uint8Array.of(0, 1));
    await rm(folder, { recursive: true });
  });

  test.each(['windows-1252', 'utf-16le'])('reads a file in %s, and says so', async (encoding) => {
    const folder = await mkdtemp(join(tmpdir(), 'dataset-'));
    const path = join(folder, 'rows.csv');
    const text = 'Flow [°];Target\n1,5;0\n2,5 °;1\n';
    await writeFile(
      path,
      encoding === 'utf-16le' ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(text, 'latin1'),
    );
    const { featureNames, units, features, remarks } = await loadDataset(path);
    expect({ featureNames, units, values: [...features.values] }).toEqual({
      featureNames: ['Flow'],
      units: ['°'],
      values: [1.5, 2.5],
    });
    expect(remarks).toEqual([
      `the file is read as ${encoding}`,
      'the delimiter is a semicolon',
      'decimals begin with a comma',
    ]);
    await rm(folder, { recursive: true });
  });

  test('reads what loggers write around the table', async () => {
    const text =
      'Plot 3\n\nflow;level;target\n[l/min];[m];\n1.000,5;2;normal\n# pause\n9,5;--;normal\n7,25;3;anomaly\nflow;level;target\n';
    const { featureNames, units, features, remarks } = parseDataset(text, { source });
    expect({ featureNames, units, values: [...features.values] }).toEqual({
      featureNames: ['flow', 'level'],
      units: ['l/min', 'm'],
      values: [1000.5, 2, 7.25, 3],
    });
    expect(remarks).toContain('1 of 3 rows have a missing value and are left out: "level" 1');
  });

  test('names a missing file', async () => {
    await expect(loadDataset('/nowhere/rows.csv')).rejects.toThrow(
      /\/nowhere\/rows\.csv: 1 fault\n {2}cannot be read/,
    );
  });
});
