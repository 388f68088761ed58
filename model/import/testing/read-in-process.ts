import { readFile } from 'node:fs/promises';
import { readModelFile } from '../pickle/read-model-file.ts';

/** Reads the file named and prints how many bytes the process grew by at its largest, and what came of it. */
const bytes = await readFile(process.argv[2]);
const before = process.resourceUsage().maxRSS;
const outcome = await readModelFile(bytes, 'bomb').then(
  () => 'read',
  (error: Error) => `${error.name}: ${error.message}`,
);
console.log(JSON.stringify({ grown: 1024 * (process.resourceUsage().maxRSS - before), outcome }));
