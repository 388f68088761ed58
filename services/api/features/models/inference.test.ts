import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  inferenceAnswerSchema,
  inferenceErrorSchema,
  inferenceHealthSchema,
  modelMetadataSchema,
  modelReadySchema,
  scoredSchema,
  serverMetadataSchema,
  statsSchema,
} from '@sensor-sentinel/contracts';
import { createPipeline } from '@sensor-sentinel/model';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const first = createVariant();
const second = createShifted(0.4);
const foreign = createVariant(({ features }) => {
  features[0] = { name: 'pressure', unit: 'hPa' };
});
const pipeline = createPipeline(first);
const rows = [
  [24, 51, 60],
  [19.5, 41, 99],
];
const scores = rows.map((row) => pipeline.score(row));
const version = first.sha256.slice(0, 8);

let database: TestDatabase;
let directory: string;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  directory = mkdtempSync(join(tmpdir(), 'models-'));
  writeModel(directory, 'first.json', first);
  writeModel(directory, 'second.json', second);
  writeModel(directory, 'foreign.json', foreign);
  api = await startTestApi({ databaseUrl: database.url, modelDirectory: directory, modelName: 'first' });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
  rmSync(directory, { recursive: true });
});

function postInfer(
  body: unknown,
  { path = 'first', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${api.url}/v2/models/${path}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function infer(body: unknown, path = 'first') {
  const answer = await postInfer(body, { path });
  expect(answer.status).toBe(200);
  return inferenceAnswerSchema.parse(await answer.json());
}

function matrix(data: unknown, more: Record<string, unknown> = {}) {
  return { inputs: [{ name: 'input', shape: [2, 3], datatype: 'FP64', data, ...more }] };
}

async function errorOf(answer: Response): Promise<string> {
  expect(answer.headers.get('content-type')).toContain('application/json');
  return inferenceErrorSchema.parse(await answer.json()).error;
}

describe('the health and metadata of /v2', () => {
  test('conform to the protocol', async () => {
    expect(serverMetadataSchema.parse(await (await api.get('/v2')).json())).toMatchObject({
      name: 'sensor-sentinel',
      extensions: [],
    });
    for (const path of ['/v2/health/live', '/v2/health/ready']) {
      const answer = await api.get(path);
      expect(answer.status).toBe(200);
      expect(inferenceHealthSchema.parse(await answer.json()).live).toBe(true);
    }
  });

  test.each([
    ['first', 'first'],
    [`first/versions/${version}`, 'first'],
    [first.name, first.name],
  ])('of the model %s', async (path, name) => {
    const metadata = modelMetadataSchema.parse(await (await api.get(`/v2/models/${path}`)).json());
    expect(metadata).toEqual({
      name,
      versions: [version],
      platform: 'sensor_sentinel',
      inputs: [{ name: 'input', datatype: 'FP64', shape: [-1, 3] }],
      outputs: [
        { name: 'prediction', datatype: 'INT64', shape: [-1] },
        { name: 'score', datatype: 'FP64', shape: [-1] },
      ],
    });
    const ready = modelReadySchema.parse(await (await api.get(`/v2/models/${path}/ready`)).json());
    expect(ready).toEqual({ name, ready: true });
  });

  test.each(['/v2/models/none', '/v2/models/none/ready', '/v2/models/first/versions/1', '/v2/nothing'])(
    '%s is 404 in the error format of the protocol',
    async (path) => {
      const answer = await api.get(path);
      expect(answer.status).toBe(404);
      expect(await errorOf(answer)).toContain('There is no');
    },
  );

  test('reject other methods with 405', async () => {
    const answer = await api.get('/v2/models/first/infer');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await errorOf(answer)).toContain('GET is not allowed');
  });
});

describe('POST /v2/models/{name}/infer', () => {
  const expected = [
    { name: 'prediction', datatype: 'INT64', shape: [2], data: [0, 1] },
    { name: 'score', datatype: 'FP64', shape: [2], data: scores },
  ];

  test.each([
    ['nested', rows],
    ['flat', rows.flat()],
  ])('scores %s rows as /predict does, and stores nothing', async (_how, data) => {
    const answer = await infer({ id: 'a-1', ...matrix(data) });
    expect(answer).toEqual({ model_name: 'first', model_version: version, id: 'a-1', outputs: expected });
    const search = 'temperature=24&humidity=51&sound_volume=60';
    const { score } = scoredSchema.parse(await (await api.get(`/predict?${search}`)).json());
    expect(answer.outputs[1]?.data[0]).toBe(score);
    expect(statsSchema.parse(await (await api.get('/stats')).json()).count).toBe(0);
  });

  test.each([
    ['[n]', [2], (column: number[]) => column],
    ['[n, 1]', [2, 1], (column: number[]) => column.map((value) => [value])],
  ])('takes one tensor of shape %s per feature, in any order', async (_shape, shape, toTensorData) => {
    const inputs = ['temperature', 'humidity', 'sound_volume'].map((name, j) => ({
      name,
      shape,
      datatype: 'FP64',
      data: toTensorData(rows.map((row) => row[j] ?? 0)),
    }));
    expect((await infer({ inputs: inputs.toReversed() })).outputs).toEqual(expected);
  });

  test('rounds FP32 elements to float32', async () => {
    const { outputs } = await infer(
      matrix(
        rows.flat().map((value) => value + 0.1),
        { datatype: 'FP32' },
      ),
    );
    const own = rows.map((row) => pipeline.score(row.map((value) => Math.fround(value + 0.1))));
    expect(outputs[1]?.data).toEqual(own);
  });

  test('returns the requested outputs in the requested order', async () => {
    const outputs = [{ name: 'score' }, { name: 'prediction' }];
    const names = (await infer({ ...matrix(rows), outputs })).outputs.map(({ name }) => name);
    expect(names).toEqual(['score', 'prediction']);
    expect((await infer({ ...matrix(rows), outputs: [{ name: 'score' }] })).outputs).toEqual([expected[1]]);
  });

  test('treats null like a missing field', async () => {
    const nothing = { id: null, parameters: null, outputs: null };
    expect((await infer({ ...matrix(rows), ...nothing })).outputs).toEqual(expected);
  });

  test('scores with any loaded model, including one with other features', async () => {
    const other = createPipeline(second);
    const own = rows.map((row) => other.score(row));
    expect(
      (await infer(matrix(rows), `second/versions/${second.sha256.slice(0, 8)}`)).outputs[1]?.data,
    ).toEqual(own);
    expect((await infer(matrix(rows), 'foreign')).outputs).toEqual(expected);
  });

  test('scores 10,000 rows in one request', async () => {
    const data = Array.from({ length: 30_000 }, (_, i) => 20 + (i % 40));
    const { outputs } = await infer(matrix(data, { shape: [10_000, 3] }));
    const own = pipeline.scoreBatch(Float64Array.from(data));
    expect(outputs[1]?.data).toEqual([...own]);
  });
});

/** What tritonclient 2.5x and KServe's client 0.1x send, with their defaults. */
describe('POST /v2/models/{name}/infer as clients send it', () => {
  const outputsOf = async (answer: Response) => [
    answer.status,
    answer.headers.get('inference-header-content-length'),
    inferenceAnswerSchema.parse(await answer.json()).outputs[1]?.data,
  ];

  test.each([
    ['no Content-Type, as tritonclient', undefined],
    ['the one of `curl -d`', 'application/x-www-form-urlencoded'],
    ['the one of forms with a charset', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'],
    ['that of JSON with a charset', 'application/json; charset=utf-8'],
  ])('takes a body with %s', async (_which, type) => {
    const body = Buffer.from(JSON.stringify(matrix(rows)));
    const url = `${api.url}/v2/models/first/infer`;
    const answer = await fetch(url, { method: 'POST', body, headers: type ? { 'content-type': type } : {} });
    expect(await outputsOf(answer)).toEqual([200, null, scores]);
  });

  test.each([';', 'text/plain', 'multipart/form-data'])('refuses a body of the type %j', async (type) => {
    const body = Buffer.from(JSON.stringify(matrix(rows)));
    const url = `${api.url}/v2/models/first/infer`;
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
    expect(answer.status).toBe(415);
  });

  test.each([
    ['of all outputs', { parameters: { binary_data_output: true } }],
    [
      'of one output',
      { outputs: [{ name: 'prediction' }, { name: 'score', parameters: { binary_data: true } }] },
    ],
    ['of none', { outputs: [{ name: 'prediction' }, { name: 'score', parameters: { binary_data: false } }] }],
    ['beside other parameters', { parameters: { binary_data_output: true, sequence_id: 0, priority: 1 } }],
  ])('answers a request for binary data %s as JSON', async (_which, more) => {
    expect(await outputsOf(await postInfer({ ...matrix(rows), ...more }))).toEqual([200, null, scores]);
  });

  test.each([
    ['the length of its JSON', { 'inference-header-content-length': '2' }],
    ['only that length', { 'inference-header-content-length': '2', 'content-type': '' }],
    ['the type of bytes', { 'content-type': 'application/octet-stream' }],
    ['both', { 'content-type': 'application/octet-stream', 'inference-header-content-length': '2' }],
  ])('answers a binary request with %s with the error of the protocol', async (_which, headers) => {
    const answer = await postInfer('{}\0\0', { headers });
    expect([answer.status, await errorOf(answer)]).toEqual([
      400,
      expect.stringContaining('binary_data=False'),
    ]);
  });

  test.each([
    [7, '7'],
    [0, '0'],
    [-9007199254740991, '-9007199254740991'],
    ['', ''],
  ])('answers the id %j as text', async (id, text) => {
    expect(await infer({ ...matrix(rows), id })).toHaveProperty('id', text);
  });

  test.each([
    ['INT32', [24, 51, 60], [24, 51, 60]],
    ['INT64', [24, 51, 60], [24, 51, 60]],
    ['INT16', [-24, 51, 60], [-24, 51, 60]],
    ['UINT8', [24, 51, 255], [24, 51, 255]],
    ['BOOL', [true, false, 1], [1, 0, 1]],
    ['FP16', [24.1, 51.3, 60.7], [24.09375, 51.3125, 60.6875]],
    ['BF16', [24.1, 51.3, 60.7], [24.125, 51.25, 60.75]],
    ['FP32', [24.1, 51.3, 60.7], [24.1, 51.3, 60.7].map(Math.fround)],
  ])('reads the values of %s', async (datatype, data, values) => {
    const own = [pipeline.score(values)];
    expect((await infer(matrix([data], { shape: [1, 3], datatype }))).outputs[1]?.data).toEqual(own);
    const columns = ['temperature', 'humidity', 'sound_volume'].map((name, j) => {
      return { name, shape: [1], datatype, data: [data[j]] };
    });
    expect((await infer({ inputs: columns })).outputs[1]?.data).toEqual(own);
  });

  test('takes a vector of shape [k] for one row', async () => {
    const { outputs } = await infer(matrix(rows[1], { shape: [3] }));
    expect(outputs).toMatchObject([
      { shape: [1], data: [1] },
      { shape: [1], data: [scores[1]] },
    ]);
  });
});

describe('POST /v2/models/{name}/infer with an invalid request', () => {
  const column = { name: 'temperature', shape: [2], datatype: 'FP64', data: [1, 2] };

  test.each<[string, unknown, string]>([
    ['malformed JSON', '{"inputs":', 'not valid JSON'],
    ['null', 'null', 'expected an object'],
    ['no inputs', { inputs: [] }, 'inputs'],
    ['an id that is an object', { ...matrix(rows), id: {} }, 'id: expected text or a number'],
    [
      'an id that JSON rounds',
      `{"id": 12345678901234567890, "inputs": []}`,
      'id: expected a number, at most 9007199254740991',
    ],
    ['another shape', matrix(rows, { shape: [3, 2] }), 'expected the shape [n, 3], or [3] for one row'],
    [
      'a longer vector',
      matrix([1, 2, 3, 4], { shape: [4] }),
      'expected the shape [n, 3], or [3] for one row',
    ],
    ['no data', matrix(undefined), 'input: data is required as JSON'],
    ['three dimensions', matrix(rows, { shape: [2, 3, 1] }), 'inputs[0].shape'],
    ['a negative shape', matrix(rows, { shape: [-1, 3] }), 'inputs[0].shape[0]'],
    ['no rows', matrix([], { shape: [0, 3] }), 'expected 1 to 10000 rows, not 0'],
    ['too many rows', matrix([], { shape: [10_001, 3] }), 'expected 1 to 10000 rows'],
    [
      'fewer elements than the shape requires',
      matrix([1, 2, 3]),
      'data has 3 elements, but the shape [2,3] needs 6',
    ],
    [
      'ragged rows',
      matrix([
        [1, 2, 3],
        [4, 5],
      ]),
      'data[1] is not an array of 3',
    ],
    ['rows beside elements', matrix([[1, 2, 3], 4, 5, 6]), 'data[1] is not an array of 3'],
    ['text', matrix([1, 2, 3, 4, '5', 6]), 'element 4 is not a finite number'],
    ['null among the elements', matrix([1, 2, 3, 4, null, 6]), 'element 4 is not a finite number'],
    [
      'a number that overflows',
      JSON.stringify(matrix([1, 2, 3, 4, 5, 777])).replace('777', '1e999'),
      'element 5 is not',
    ],
    ['a float32 that overflows', matrix([1, 2, 3, 4, 5, 1e39], { datatype: 'FP32' }), 'element 5 is not'],
    [
      'text tensors',
      matrix(rows, { datatype: 'BYTES' }),
      'datatype BYTES is not supported; send one of FP64, FP32',
    ],
    [
      'a fraction',
      matrix(rows, { datatype: 'INT64' }),
      'element 3 is not a whole number from -9007199254740991',
    ],
    [
      'an integer that float64 rounds',
      matrix([1, 2, 3, 4, 5, 2 ** 53], { datatype: 'UINT64' }),
      'element 5 is not',
    ],
    [
      'an integer beyond its bits',
      matrix([1, 2, 3, 4, 5, 128], { datatype: 'INT8' }),
      'from -128 to 127 of INT8',
    ],
    ['a negative number', matrix([1, 2, 3, 4, 5, -1], { datatype: 'UINT8' }), 'from 0 to 255 of UINT8'],
    [
      'an integer as text',
      matrix([1, 2, 3, 4, 5, '6'], { datatype: 'INT32' }),
      'element 5 is not a whole number',
    ],
    [
      'a float16 that overflows',
      matrix([1, 2, 3, 4, 5, 65_520], { datatype: 'FP16' }),
      'element 5 is not a finite',
    ],
    [
      'a number among booleans',
      matrix([true, 1, 0, false, 2, 1], { datatype: 'BOOL' }),
      'element 4 is not true or false',
    ],
    ['a boolean among numbers', matrix([1, 2, 3, 4, 5, true]), 'element 5 is not a finite number of FP64'],
    [
      'a datatype of JavaScript',
      matrix(rows, { datatype: 'constructor' }),
      'datatype constructor is not supported',
    ],
    ['a value beyond the model', matrix([1, 2, 3, 4, 5, 1e300]), 'row 1: '],
    ['an unknown tensor', { inputs: [{ ...column, name: 'pressure' }] }, 'one each of temperature, humidity'],
    ['the same tensor twice', { inputs: [column, column, column] }, 'one each of temperature, humidity'],
    [
      'columns of different lengths',
      {
        inputs: [
          column,
          { ...column, name: 'humidity' },
          { ...column, name: 'sound_volume', shape: [1], data: [1] },
        ],
      },
      'sound_volume: expected the shape [2] or [2, 1]',
    ],
    ['an unknown output', { ...matrix(rows), outputs: [{ name: 'label' }] }, 'there is no output label'],
    [
      'binary input',
      matrix(undefined, { parameters: { binary_data_size: 48 } }),
      'binary tensor data is not supported; send `data` as JSON, with set_data_from_numpy(…, binary_data=False)',
    ],
  ])('is rejected with the reason: %s', async (_what, body, error) => {
    const answer = await postInfer(body);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toContain(error);
  });

  test('answers in the error format of the protocol', async () => {
    const form = await postInfer('x', { headers: { 'content-type': 'text/plain' } });
    expect([form.status, await errorOf(form)]).toEqual([415, expect.stringContaining('application/json')]);
    const large = await postInfer(`"${'x'.repeat(1_100_000)}"`);
    expect([large.status, await errorOf(large)]).toEqual([413, expect.any(String)]);
    const unknown = await postInfer(matrix(rows), { path: 'none' });
    expect([unknown.status, await errorOf(unknown)]).toEqual([404, expect.stringContaining(first.name)]);
    const path = await api.get('/v2/models/%E0%A4%A');
    expect([path.status, await errorOf(path)]).toEqual([400, 'The path is not valid percent-encoded UTF-8.']);
  });
});
