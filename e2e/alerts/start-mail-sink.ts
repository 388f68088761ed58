import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  from: string;
  to: string[];
  subject: string;
  /** The headers and all parts, decoded. */
  source: string;
}

/** A mail server on this machine that keeps the mails. */
export async function startMailSink() {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    async onData(stream, { envelope }, callback) {
      const source = await text(stream);
      mails.push({
        from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
        to: envelope.rcptTo.map(({ address }) => address),
        subject: decodeSubject(source),
        source: decodeQuoted(source),
      });
      callback();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo; // a TCP server has one
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mails,
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

/** The encoded words of RFC 2047, on several lines if they are long. */
function decodeSubject(source: string): string {
  const [, lines = ''] = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(source) ?? [];
  const words = [...lines.matchAll(/=\?UTF-8\?Q\?([^?]*)\?=/gi)].map(([, word = '']) => word);
  return words.length === 0 ? lines : decodeQuoted(words.join('').replaceAll('_', ' '));
}

/** Quoted-printable text of RFC 2045. */
function decodeQuoted(encoded: string): string {
  const bytes = encoded
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
