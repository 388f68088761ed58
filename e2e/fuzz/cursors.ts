/** As the API writes its cursors. */
function encode(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

const impossibleTimes = [
  '2026-02-31 25:61:61.000',
  '2026-13-01 00:00:00.000',
  '2026-00-00 00:00:00.000',
  '2025-02-29 12:00:00.000',
  '2026-01-01 24:00:00.000',
];
const earlyTimes = [
  '0000-00-00 00:00:00.000',
  '0000-01-01 00:00:00.000',
  '0001-01-01 00:00:00.000',
  '9999-12-31 23:59:59.999',
];
const possibleTime = '2026-01-31 23:59:59.000';
const seqs = [0, 1, -1, 2 ** 53, 2 ** 53 - 1, -(2 ** 53), 1e300, 1.5];

function toPlaces(time: string, seq: unknown): unknown[] {
  return [
    ['timestamp', 'desc', [time], seq],
    ['timestamp', 'asc', [time], seq],
    ['prediction', 'desc', [1, time], seq],
    [time, seq],
    ['last_seen', 'asc', time, 'fuzz-1'],
  ];
}

/** Well-formed, and with a time that no calendar has, or without what a place needs. */
export const impossibleCursors = [
  ...impossibleTimes.flatMap((time) => toPlaces(time, 1)).map(encode),
  ...[
    null,
    1,
    {},
    [],
    [[]],
    'x',
    [null, null],
    { __proto__: null, length: 2 },
    ['timestamp', 'desc', [{}], 1],
  ].map(encode),
  ...[
    ['timestamp', 'desc', [possibleTime], '1'],
    ['timestamp', 'desc', [possibleTime, possibleTime], 1],
  ].map(encode),
  ...[
    '',
    'x',
    '%00',
    '%FF',
    '%zz',
    '!!!!',
    'eyJ',
    encode('x'.repeat(600)),
    Buffer.from('\xff\xfe[]', 'latin1').toString('base64url'),
  ],
];

/** Well-formed and possible, if unlikely: whether one of them fits depends on the order that is asked for. */
export const forgedCursors = [
  ...earlyTimes.flatMap((time) => toPlaces(time, 1)),
  ...seqs.flatMap((seq) => toPlaces(possibleTime, seq)),
  ...[
    ['temperature', 'desc', [1e308], 1],
    ['score', 'desc', [-1e308], 1],
    ['prediction', 'desc', [0.5, possibleTime], 1],
  ],
  ...[
    ['name', 'asc', '', '\0'],
    ['name', 'asc', '', '\ud800'],
    ['state', 'asc', 2, ''],
    ['name', 'desc', '', "'"],
  ],
].map(encode);
