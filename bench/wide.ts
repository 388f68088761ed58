import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, type Flags, runScript } from './bench.ts';
import { drawWideReadings } from './load/readings.ts';
import { medianRatio, printGoals, printMedians, runRounds } from './rounds.ts';
import { modelFile, provideServer, root, startApi } from './servers.ts';

const width = 32;
const trainingRows = 4000;

/** A folder with the neural network of the default type, and one of the type `wide` that is trained now, with its name. */
async function makeModels(bench: Bench): Promise<{ folder: string; wide: string }> {
  const [folder, data] = [join(bench.folder, 'models'), join(bench.folder, 'wide.csv')];
  await mkdir(folder);
  await cp(modelFile, join(folder, 'neural-network.json'));
  const lines = drawWideReadings(trainingRows, width).map((reading) => {
    const values = Object.values(reading);
    const isLabeled = (values[0] ?? 0) + (values[1] ?? 0) > 45;
    return [...values, Number(isLabeled)].join(',');
  });
  const header = [...Array.from({ length: width }, (_, place) => `f${place + 1}`), 'target'].join(',');
  await writeFile(data, [header, ...lines, ''].join('\n'));
  const flags = ['--data', data, '--type', 'wide', '--family', 'neural-network', '--out', folder];
  await promisify(execFile)(process.execPath, [join(root, 'model/cli/train.ts'), ...flags]);
  const artifact = JSON.parse(await readFile(join(folder, 'wide-neural-network.json'), 'utf8'));
  return { folder, wide: artifact.name };
}

/** The default type and one with 32 features in turns on one API, each scored by a neural network of the same shape. */
export async function benchWide(bench: Bench, { rounds = 9, seconds, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const { folder, wide } = await makeModels(bench);
  const { port } = await startApi(bench, server, { name: 'api', models: folder });
  const activated = await fetch(`http://127.0.0.1:${port}/models/${wide}/activate`, { method: 'POST' });
  if (!activated.ok) throw new Error(await activated.text());
  const measured = await runRounds(rounds, {
    '64 in flight: 3': () => runScript('load/single-readings.ts', port, 64, seconds),
    '64 in flight: 32': () => runScript('load/single-readings.ts', port, 64, seconds, width),
    'NDJSON: 3': () => runScript('load/ndjson.ts', port, seconds),
    'NDJSON: 32': () => runScript('load/ndjson.ts', port, seconds, 'none', width),
  });
  const goals = ['64 in flight', 'NDJSON'].map((load) => ({
    what: `${load}: rate of 32 features / rate of 3`,
    measured: medianRatio(measured, [`${load}: 32`, `${load}: 3`], 'per_second'),
    atLeast: 0.5,
  }));
  printMedians('readings of 3 and of 32 features; medians', measured);
  printGoals('medians of the ratios of each round', goals);
  return { server: server.settings, seconds, goals, rounds: measured };
}
