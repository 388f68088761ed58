import compression from 'compression';

/** In bytes. Smaller answers fit into a few packets anyway. */
const threshold = 4096;
/** The fastest. Answers are numbers and repeated names, which hardly gain from more. */
const level = 1;

/**
 * Compresses large JSON answers, if the client takes that. Other answers are streamed as they are. A proxy that also compresses
 * leaves compressed answers as they are.
 */
export const compressJson = compression({
  threshold,
  level,
  filter: (_, response) =>
    /^application\/(problem\+)?json\b/.test(String(response.getHeader('Content-Type'))),
});
