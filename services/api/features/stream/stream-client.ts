import type { Writable } from 'node:stream';
import { contains, type StreamPosition } from './position.ts';
import type { FormattedReading } from './recent-events.ts';

/** How long a client whose stream is ended has for taking the rest of it. */
const farewellMs = 30_000;

interface ClientOptions {
  response: Writable;
  sensors: readonly string[] | undefined;
  maxBufferedBytes: number;
}

/** One connection. */
export interface StreamClient {
  sensors: readonly string[] | undefined;
  asksFor: (sensorId: string) => boolean;
  isGone: () => boolean;
  /** Whether it gets what happens; before, it is given what it missed. */
  isLive: () => boolean;
  /** Whether more waits for it than may. */
  isSlow: () => boolean;
  /** @returns whether it may be given more at once */
  write: (text: string) => boolean;
  /** From now on it gets what all get, but for what it has `seen`. */
  goLive: (seen: StreamPosition | undefined) => void;
  send: (events: readonly FormattedReading[]) => void;
  end: (farewell?: string) => void;
}

export function createStreamClient({ response, sensors, maxBufferedBytes }: ClientOptions): StreamClient {
  const asked = sensors && new Set(sensors);
  let isLive = false;
  let seen: StreamPosition | undefined;

  const asksFor = (sensorId: string) => asked === undefined || asked.has(sensorId);
  const isGone = () => response.destroyed || response.writableEnded;
  const write = (text: string) => isGone() || response.write(text);

  return {
    sensors,
    asksFor,
    isGone,
    isLive: () => isLive,
    isSlow: () => response.writableLength > maxBufferedBytes,
    write,
    goLive(before) {
      seen = before;
      isLive = true;
    },
    send(events) {
      const wanted = events.filter(
        ({ seq, sensorId }) => asksFor(sensorId) && !(seen && contains(seen, seq)),
      );
      if (wanted.length > 0) write(wanted.map(({ text }) => text).join(''));
    },
    end(farewell = '') {
      if (isGone()) return;
      response.end(farewell);
      setTimeout(() => response.destroy(), farewellMs).unref();
    },
  };
}
