import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client } from 'undici';
import { v7 } from 'uuid';
import { drawBodies } from './readings.ts';

interface PostOptions {
  port: number;
  /** Pieces of NDJSON. */
  lines: Iterable<string>;
  /** After each piece of the answer, with the number of readings answered so far. */
  onAnswers?: (count: number) => void;
}

/** One stream, as fast as the API takes it; resolves with the number of readings. @throws where one is refused */
export async function postLines({ port, lines, onAnswers }: PostOptions): Promise<number> {
  const client = new Client(`http://127.0.0.1:${port}`, { bodyTimeout: 0, headersTimeout: 0 });
  const { statusCode, body } = await client.request({
    path: '/predict',
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.from(lines),
  });
  if (statusCode !== 200) throw new Error(`the stream was answered ${statusCode}: ${await body.text()}`);
  let count = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (chunk.includes('"errors"') || chunk.includes('"problem"')) throw new Error(`refused: ${chunk}`);
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) count++;
    onAnswers?.(count);
  }
  await client.close();
  return count;
}

const warmUpSeconds = 1;
const linesPerPiece = 500;

const idMakers = { none: undefined, ordered: v7, random: randomUUID };

interface RunOptions {
  ids: keyof typeof idMakers;
  /** The number of features; 0 for the default type. */
  width: number;
}

/** Streams readings for some time; prints the rate after the warm-up and all answers as JSON. */
async function run(port: number, seconds: number, { ids, width }: RunOptions): Promise<void> {
  const bodies = drawBodies(16 * linesPerPiece, width);
  const createId = idMakers[ids];
  const toLine = (body: string) => `${createId ? `{"id":"${createId()}",${body.slice(1)}` : body}\n`;
  const begin = performance.now() + warmUpSeconds * 1000;
  const end = begin + seconds * 1000;
  function* repeat(): Generator<string> {
    for (let row = 0; performance.now() < end; row = (row + linesPerPiece) % bodies.length)
      yield bodies
        .slice(row, row + linesPerPiece)
        .map(toLine)
        .join('');
  }
  let [before, after] = [0, 0];
  const onAnswers = (count: number) => {
    if (performance.now() < begin) before = count;
    if (performance.now() < end) after = count;
  };
  const answers = await postLines({ port, lines: repeat(), onAnswers });
  console.log(JSON.stringify({ per_second: (after - before) / seconds, answers }));
}

const [, , port, seconds, ids = 'none', width = 0] = process.argv;
if (import.meta.main)
  await run(Number(port), Number(seconds), {
    ids: ids as keyof typeof idMakers, // the benches name one of them
    width: Number(width),
  });
