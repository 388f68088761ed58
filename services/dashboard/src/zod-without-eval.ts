import { config } from 'zod/v4';

// zod compiles parsers with `new Function`, which our Content-Security-Policy forbids, and asks as soon as a schema is
// made. The bundler gives this module to whoever imports zod, so that no schema is made before, in whatever chunk it is.
config({ jitless: true });

export * from 'zod/v4';
