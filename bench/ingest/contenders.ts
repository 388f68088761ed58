import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../system/database.ts';
import { benchModelName, type HttpServer, startApi, startHttpServer } from '../system/http-server.ts';
import type { Stack } from '../system/stack.ts';

interface StartOptions {
  /** Of ours alone. */
  ours: Database;
  /** Of all others. */
  others: Database;
  folder: string;
  stack: Stack;
}

/** Everything that answers `POST /predict`; no Flask where it is not installed. */
export interface Contenders {
  ours: HttpServer;
  express_port: HttpServer;
  express_echo: HttpServer;
  node_echo: HttpServer;
  flask?: HttpServer;
}

const peers = join(import.meta.dirname, '../peers');
const modelFolder = join(import.meta.dirname, '../../model');
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

const versionsScript = `
import flask, sklearn
from importlib import util
driver = "mysql.connector" if util.find_spec("mysql") else "pymysql"
__import__(driver)
print("Flask", __import__("importlib.metadata").metadata.version("flask"), "scikit-learn", sklearn.__version__, driver)
`;

/** What the Flask design would run on; undefined where a part of it is not installed. */
export function findFlask(): string | undefined {
  const { status, stdout } = spawnSync(python, ['-c', versionsScript], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

export async function startContenders(options: StartOptions): Promise<Contenders> {
  const { ours, others, folder, stack } = options;
  const artifact = join(modelFolder, 'artifacts', `${benchModelName}.json`);
  const dataset = join(modelFolder, 'data/dataset.csv');

  function startPeer(name: string, command: (port: number) => string[]): Promise<HttpServer> {
    return startHttpServer({ name, command, readyPath: '/', folder, stack });
  }
  function startNode(file: string, ...args: string[]): Promise<HttpServer> {
    return startPeer(file, (port) => [process.execPath, join(peers, `${file}.ts`), String(port), ...args]);
  }

  const started = {
    ours: await startApi({ databaseUrl: ours.apiUrl, folder, stack }),
    express_port: await startNode('express-port', others.adminUrl, artifact),
    express_echo: await startNode('express-echo'),
    node_echo: await startNode('node-echo'),
  };
  if (findFlask() === undefined) return started;
  const script = join(peers, 'flask_design.py');
  const flask = await startPeer('flask', (port) => [
    python,
    script,
    String(port),
    others.adminUrl,
    dataset,
    folder,
  ]);
  return { ...started, flask };
}
