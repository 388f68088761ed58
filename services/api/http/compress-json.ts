import { gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

/** Smaller answers fit into a few packets anyway. */
const minCharacters = 4096;
/** The fastest. Answers are numbers and repeated names, which hardly gain from more. */
const level = 1;

/** Compresses large JSON answers, if the client takes gzip. A proxy that also compresses leaves them as they are. */
export const compressJson: RequestHandler = (request, response, next) => {
  if (request.acceptsEncodings('gzip') !== 'gzip') return next();
  response.json = (body: unknown) => {
    const text = JSON.stringify(body);
    response.type('json').vary('Accept-Encoding');
    if (text.length < minCharacters) return response.send(text);
    gzip(text, { level }, (error, compressed) => {
      if (error) next(error);
      else if (!response.destroyed) response.set('Content-Encoding', 'gzip').send(compressed);
    });
    return response;
  };
  next();
};
