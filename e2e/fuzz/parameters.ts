import { forgedCursors, impossibleCursors } from './cursors.ts';

/** Values of one query parameter, already percent-encoded. */
export interface Parameter {
  /** Accepted. */
  valid: readonly string[];
  /** Refused with 400. */
  faulty: readonly string[];
  /** Accepted or refused, but never a failure of the API. */
  odd: readonly string[];
  isRepeatable?: boolean;
}

const notNumbers = [
  ...[
    '',
    '%20',
    '0x10',
    '0b1',
    '0o7',
    '1_0',
    '1%2C5',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'true',
    '%00',
    '%FF',
  ],
  ...[
    'ten',
    '%EF%BC%91',
    '1%202',
    '%zz',
    '%',
    '[object%20Object]',
    '1n',
    '--1',
    '1e',
    '0x',
    '9e999',
    `1${'x'.repeat(2000)}`,
  ],
];

export function count(min: number, max: number): Parameter {
  return {
    valid: [String(min), String(max), String(Math.floor((min + max) / 2))],
    faulty: [...notNumbers, '-1', '9e99', '1.5', String(max + 1), '99999999999999999999', '9007199254740993'],
    odd: ['1e1', '1e3', '%2B10', '10.0', '0010', '%2010%20', '-0', '1%00'],
  };
}

export function number(...valid: string[]): Parameter {
  return {
    valid,
    faulty: notNumbers,
    odd: ['-1', '1e3', '9e99', '-9e99', '1e-320', '%2B1', '.5', '5.', '%201', '00.5'],
  };
}

/** A feature of `GET /predict`, which has limits. */
export function feature(...valid: string[]): Parameter {
  return {
    valid,
    faulty: [...notNumbers, '-9e99', '9e99', '1001', '-273.16'],
    odd: ['1e1', '%2B1', '.5', '%201'],
  };
}

const notTimes = [
  ...[
    '',
    'now',
    '0',
    '1700000000',
    '2026-01-01',
    '2026-02-31T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '%00',
    '%FF',
  ],
  ...['2026-01-01T00:00:00', '0000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '%2B275760-09-13T00:00:00Z'],
  ...[
    '2026-13-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '1969-12-31T23:59:59Z',
    '2026-01-01T00:00:00%2B99:99',
    '2026-01-01T00:00:61Z',
  ],
];

export function time(...valid: string[]): Parameter {
  const odd = [
    '2026-01-01T24:00:00Z',
    '2026-01-01t00:00:00z',
    '2026-06-30T23:59:60Z',
    '2026-01-01T00:00:00.123456789Z',
  ];
  return { valid, faulty: notTimes, odd };
}

const notSensors = [
  '',
  '%20',
  '%00',
  'a%0Ab',
  '%20a',
  'a%20',
  '%7F',
  '%E2%80%AE',
  'x'.repeat(65),
  '%ED%A0%80%00',
];
const sensors = [
  'fuzz-1',
  'fuzz-2',
  'unknown',
  '%C3%B6fen',
  "'%20OR%201=1--",
  '%25',
  '_',
  '%F0%9F%94%A5',
  '%5C',
  '%60',
];

export const sensorId: Parameter = {
  valid: sensors,
  faulty: notSensors,
  odd: ['%FF', '%zz', '%', '%C0%80', '%ED%A0%80'],
};
export const sensorIds: Parameter = { ...sensorId, isRepeatable: true };

export function choice(...valid: string[]): Parameter {
  const faulty = [
    '',
    '%20',
    'other',
    '1e0',
    '%00',
    '%FF',
    '__proto__',
    'constructor',
    `${valid[0]}%20`,
    'true,false',
    '%zz',
  ];
  return { valid, faulty, odd: [] };
}

export const search: Parameter = {
  valid: ['', 'fuzz', '%25', '_', '%5C', "'", '%F0%9F%94%A5', '%20'],
  faulty: ['x'.repeat(65)],
  odd: ['%00', '%FF', '%zz', '%ED%A0%80'],
};

export const cursor: Parameter = { valid: [], faulty: impossibleCursors, odd: forgedCursors };

const unknownId = '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001';
/** Texts that are no UUID. */
export const notIds: readonly [string, ...string[]] = [
  '1',
  '%00',
  '%FF',
  'null',
  '__proto__',
  unknownId.slice(1),
  `%7B${unknownId}%7D`,
  unknownId.replace('4', 'g'),
];

export const ids: Parameter = {
  valid: [unknownId, unknownId.toUpperCase()],
  faulty: ['', ...notIds],
  odd: [],
  isRepeatable: true,
};

/** Added to a query whose route names every parameter that it takes. */
export const unknownParameters: readonly [string, ...string[]] = [
  'a[b]=c',
  'limit[]=5',
  '__proto__=1',
  '__proto__[x]=1',
  'constructor=1',
  'toString=1',
  'hasOwnProperty=1',
  '%00=1',
  '%FF=1',
  'Limit=5',
  '=1',
  'sensor_id%00=a',
  `${'k'.repeat(1000)}=1`,
];
