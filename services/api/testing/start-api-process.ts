import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ApiProcess {
  url: string;
  child: ChildProcess;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts the API as a child process on a free port, which is read from its log. @throws Error if the process ends */
export async function startApiProcess(environment: Record<string, string>): Promise<ApiProcess> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PATH: '/usr/bin:/bin', API_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const port = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const listening = /"port":(\d+)/.exec(log)?.[1];
      if (listening) resolve(listening);
    });
    exited.then(() => reject(new Error(`the API ended: ${log}`)));
  });
  return { url: `http://127.0.0.1:${port}`, child, exited };
}
