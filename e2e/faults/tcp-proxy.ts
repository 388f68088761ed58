import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy between an API and the database that fails on command. */
export interface TcpProxy {
  port: number;
  /** Closes every connection; new ones succeed. */
  drop: () => void;
  /** Closes every connection and refuses new ones. */
  refuse: () => Promise<void>;
  /** Forwards nothing, but keeps connections open and accepts new ones. */
  hang: () => void;
  /** Withholds the next `answers` answers of the database: closes the connection instead of forwarding them. */
  swallow: (answers: number) => Promise<void>;
  /** Forwards everything again, also what was held back. */
  mend: () => Promise<void>;
  close: () => Promise<void>;
}

export async function startProxy(port: number, targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isHanging = false;
  let toSwallow = 0;
  let onSwallowed: () => void = () => undefined;

  const server = createServer((client) => {
    const database = connect(targetPort, '127.0.0.1');
    for (const socket of [client, database]) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (bytes) => database.write(bytes));
    database.on('data', (bytes) => {
      if (toSwallow === 0) {
        client.write(bytes);
        return;
      }
      toSwallow -= 1;
      client.destroy();
      if (toSwallow === 0) onSwallowed();
    });
    if (isHanging) for (const socket of [client, database]) socket.pause();
  });

  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const refuse = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    drop();
    await closed;
  };
  await listen();
  return {
    port,
    drop,
    refuse,
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    swallow(answers) {
      return new Promise((resolve) => {
        toSwallow = answers;
        onSwallowed = resolve;
      });
    },
    async mend() {
      isHanging = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) await listen();
    },
    close: refuse,
  };
}
