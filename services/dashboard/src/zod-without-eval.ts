import { z } from 'zod';

// zod compiles parsers with `new Function`, which our Content-Security-Policy forbids, and asks as soon as
// a schema is made: this module must be imported before any other that makes one.
z.config({ jitless: true });
