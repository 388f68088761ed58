import { connect, createServer } from 'node:net';

// Passes connections to port 3306 on to the same port of another host: node db/forward-port.mjs HOST
const [host] = process.argv.slice(2);

createServer((client) => {
  const server = connect(3306, host);
  client.pipe(server).pipe(client);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
}).listen(3306);
process.on('SIGTERM', () => process.exit(0));
