import type { Fault, FaultKind } from './schedule.ts';
import type { System } from './system.ts';

/** Rows that may still fit on a full disk: tables grow by up to 4 MB at a time. */
const rowsWithinSlack = 20_000;

function failMore({ progress }: System, count: number): Promise<void> {
  const target = progress.failures + count;
  return progress.until(() => progress.failures >= target);
}

async function killDatabase({ database }: System): Promise<void> {
  await database.kill();
  await database.start();
}

async function killEverything({ database, replicas }: System): Promise<void> {
  await Promise.all(replicas.map(({ ready }) => ready()));
  await Promise.all([database.kill(), ...replicas.map(({ restart }) => restart())]);
  await database.start();
}

async function pauseApi({ replicas, progress }: System, { replica, length }: Fault): Promise<void> {
  await Promise.all(replicas.map(({ ready }) => ready()));
  replicas[replica].pause();
  const target = progress.answers + 4 * length;
  await progress.until(() => progress.answers >= target);
  replicas[replica].resume();
}

async function pauseDatabase(system: System, { length }: Fault): Promise<void> {
  system.database.pause();
  await failMore(system, length);
  system.database.resume();
}

/** Until the API itself reports that the database is unavailable. */
async function pauseDatabaseForLong({ database, replicas }: System, { replica }: Fault): Promise<void> {
  await replicas[replica].ready();
  database.pause();
  while ((await fetch(`${replicas[replica].url}/readyz`)).ok);
  database.resume();
}

async function hang(system: System, { length, thenCut }: Fault): Promise<void> {
  for (const proxy of system.proxies) proxy.hang();
  await failMore(system, length);
  if (thenCut) for (const proxy of system.proxies) proxy.drop();
  await Promise.all(system.proxies.map(({ mend }) => mend()));
}

async function refuse(system: System, { length }: Fault): Promise<void> {
  await Promise.all(system.proxies.map((proxy) => proxy.refuse()));
  await failMore(system, length);
  await Promise.all(system.proxies.map(({ mend }) => mend()));
}

async function fillDisk(system: System, { length }: Fault): Promise<void> {
  const { database, replicas, disk, progress } = system;
  if (disk === undefined) return;
  await Promise.all(replicas.map(({ ready }) => ready()));
  const failures = progress.failures + length;
  const answers = progress.answers + rowsWithinSlack;
  disk.fill();
  await progress.until(() => progress.failures >= failures || progress.answers >= answers);
  disk.free();
  const before = progress.answers;
  await progress.until(() => progress.answers > before || database.hasExited());
  if (database.hasExited()) await database.start();
}

const injections: Record<FaultKind, (system: System, fault: Fault) => Promise<void>> = {
  'kill the API': async ({ replicas }, { replica }) => {
    await replicas[replica].ready();
    await replicas[replica].restart();
  },
  'kill the database': killDatabase,
  'kill everything': killEverything,
  'pause the API': pauseApi,
  'pause the database': pauseDatabase,
  'pause the database for long': pauseDatabaseForLong,
  'drop the connections': async ({ proxies }, { replica }) => proxies[replica].drop(),
  'refuse connections': refuse,
  'hang the connections': hang,
  'swallow answers of the database': ({ proxies }, { replica, length }) => proxies[replica].swallow(length),
  'fill the disk': fillDisk,
};

/** Resolves when the fault is over; the system may still be recovering. */
export function injectFault(system: System, fault: Fault): Promise<void> {
  return injections[fault.kind](system, fault);
}
