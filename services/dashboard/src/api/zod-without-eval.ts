import { config } from 'zod/v4';

// zod compiles parsers with `new Function`, which our Content-Security-Policy forbids, and tests for it when the first
// schema is created. Vite resolves every import of zod to this module, so that zod is configured before that.
config({ jitless: true });

export * from 'zod/v4';
