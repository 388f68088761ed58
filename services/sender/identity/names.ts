import { createHash } from 'node:crypto';
import { parse } from 'node:path';
import { standardInputName } from '../source/open-bytes.ts';

const maxLength = 64;
const digitsOfHash = 8;

export const defaultSensorId = 'replay';

export type NameOptions = {
  mode: 'share' | 'copy';
  file: string;
  fingerprint: string | null;
  /** Each as given; the empty string: to be made. */
  replay: string;
  sender: string;
  sensorId: string;
  hostname: string;
  isContainer: boolean;
  /** A few characters that no other process has. */
  unique: string;
};

export type Names = { replay: string; sender: string; sensorId: string };

/**
 * What the sender calls itself and its replay. A container keeps its host name when it is restarted. Elsewhere several
 * senders share a host: each gets a name of its own, but for copies, which must find their own replay again.
 */
export function toNames(options: NameOptions): Names {
  const { mode, file, fingerprint, hostname, isContainer, unique } = options;
  const isKept = isContainer || mode === 'copy';
  const host = toSlug(hostname) || 'sender';
  const sender = options.sender || (isKept ? shorten(host) : shorten(`${host}-${unique}`));
  const base = file === standardInputName ? 'stdin' : parse(file).name.replace(/\.csv$/, '');
  const sensorId = options.sensorId || (mode === 'copy' ? shorten(`${base}-${sender}`) : defaultSensorId);
  const content = fingerprint?.slice(0, digitsOfHash) ?? unique;
  const replay = options.replay || shorten(`${toSlug(base) || 'file'}-${content}`);
  return { sender, sensorId, replay: mode === 'copy' ? toReplayName(replay, `@${sensorId}`) : replay };
}

/** The name with an ending; both are kept apart from others where they are too long. */
export function toReplayName(name: string, ending: string): string {
  return shorten(`${name}${toSlug(ending)}`);
}

function shorten(text: string): string {
  if (text.length <= maxLength) return text;
  const digits = createHash('sha256').update(text).digest('hex').slice(0, digitsOfHash);
  return `${text.slice(0, maxLength - digitsOfHash - 1)}~${digits}`;
}

/** What an address takes as it is. */
function toSlug(text: string): string {
  return text.replace(/[^\w.@~-]+/g, '-');
}
