import { readFile } from 'node:fs/promises';
import { readModelFile } from '../pickle/read-model-file.ts';

/** Reads the given file and prints the peak growth of the process in bytes, and the outcome. */
const bytes = await readFile(process.argv[2]);
const before = process.resourceUsage().maxRSS;
const outcome = await readModelFile(bytes, 'bomb').then(
  () => 'read',
  (error: Error) => `${error.name}: ${error.message}`,
);
console.log(JSON.stringify({ grown: 1024 * (process.resourceUsage().maxRSS - before), outcome }));
