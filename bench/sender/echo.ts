import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * Answers `POST /predict` as the contract says, and does nothing else: no model, no database. A reading in JSON is parsed;
 * of an NDJSON line only the id is looked for, so that this is not what limits who sends.
 */
createServer((request, response) => {
  if (request.headers['content-type'] === 'application/x-ndjson') answerLines(request, response);
  else answerReading(request, response);
}).listen(Number(process.argv[2]), '127.0.0.1');

const rest =
  '"sensor_id":"bench","timestamp":"2026-01-01T00:00:00.000Z","prediction":0,"score":0.043,"model":"echo"';

function answerReading(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const reading: unknown = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
    const body = `{"id":"${Reflect.get(Object(reading), 'id')}",${rest}}`;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
}

function answerLines(request: IncomingMessage, response: ServerResponse): void {
  let unfinished = '';
  let index = 0;
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    const answers = lines.map((line) => {
      const from = line.indexOf('"id":"') + 6;
      return `{"index":${index++},"id":"${line.slice(from, from + 36)}",${rest}}\n`;
    });
    if (!response.write(answers.join(''))) {
      request.pause();
      response.once('drain', () => request.resume());
    }
  });
  request.on('end', () => response.end());
}
