import { createHash } from 'node:crypto';
import { parse } from 'node:path';
import { standardInputName } from '../source/file-state.ts';

const maxLength = 64;
const hashDigits = 8;

export const defaultSensorId = 'replay';

export interface Host {
  hostname: string;
  isContainer: boolean;
  /** A few characters that no other process has. */
  unique: string;
}

export interface NameOptions extends Host {
  mode: 'share' | 'copy';
  file: string;
  fingerprint: string | null;
  /** The names that were given; an empty one is generated. */
  replay: string;
  sender: string;
  sensorId: string;
}

export interface Names {
  replay: string;
  sender: string;
  sensorId: string;
}

/**
 * Names the replay and this sender. A restarted container keeps its host name. Elsewhere several senders may share a
 * host, so each gets a unique name, except for copies, which must find their own replay again.
 */
export function toNames(options: NameOptions): Names {
  const { mode, file, fingerprint, hostname, isContainer, unique } = options;
  const isKept = isContainer || mode === 'copy';
  const host = toSlug(hostname) || 'sender';
  const sender = options.sender || (isKept ? shorten(host) : shorten(`${host}-${unique}`));
  const base = file === standardInputName ? 'stdin' : parse(file).name.replace(/\.csv$/, '');
  const sensorId = options.sensorId || (mode === 'copy' ? shorten(`${base}-${sender}`) : defaultSensorId);
  const content = fingerprint?.slice(0, hashDigits) ?? unique;
  const replay = options.replay || shorten(`${toSlug(base) || 'file'}-${content}`);
  return { sender, sensorId, replay: mode === 'copy' ? toReplayName(replay, `@${sensorId}`) : replay };
}

/** Appends a suffix. A name that gets too long is shortened and stays unique. */
export function toReplayName(name: string, suffix: string): string {
  return shorten(`${name}${toSlug(suffix)}`);
}

function shorten(text: string): string {
  if (text.length <= maxLength) return text;
  const digits = createHash('sha256').update(text).digest('hex').slice(0, hashDigits);
  return `${text.slice(0, maxLength - hashDigits - 1)}~${digits}`;
}

/** Replaces characters that would have to be escaped in a URL. */
function toSlug(text: string): string {
  return text.replace(/[^\w.@~-]+/g, '-');
}
