import { resolve } from 'node:path';
import {
  channelKinds,
  type Receiver,
  type ReceiverInFile,
  receiverSchema,
  variablePattern,
} from '@sensor-sentinel/contracts';
import type { ValueFault } from './parse-yaml.ts';
import { readTextFile } from './read-text-file.ts';

export interface SecretSources {
  /** The folder to which paths are relative. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
}

interface ResolvedReceiver {
  receiver?: Receiver;
  faults: ValueFault[];
}

const maxSecretBytes = 65_536;
const fileSuffix = '_file';

/** The fields in which `${NAME}` stands for a variable. */
const secretFields: ReadonlySet<string> = new Set(['url', 'secret', 'token']);

/** Replaces files and variables by what they contain. No fault has a part of a secret. */
export async function resolveSecrets(
  receiver: ReceiverInFile,
  sources: SecretSources,
): Promise<ResolvedReceiver> {
  const kind = channelKinds.find((one) => receiver[one] !== undefined);
  if (kind === undefined) return { faults: [] };
  const faults: ValueFault[] = [];
  const channel: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(receiver[kind] ?? {})) {
    try {
      channel[key.replace(fileSuffix, '')] = await resolveField(key, value, sources);
    } catch (error) {
      faults.push({ path: [kind, key], message: error instanceof Error ? error.message : String(error) });
    }
  }
  if (faults.length > 0) return { faults };
  const parsed = receiverSchema.safeParse({ ...receiver, [kind]: channel });
  if (parsed.success) return { receiver: parsed.data, faults: [] };
  const toFault = ({ path, message }: { path: PropertyKey[]; message: string }) => ({
    path: toPathInFile(path, receiver[kind] ?? {}),
    message,
  });
  return { faults: parsed.error.issues.map(toFault) };
}

async function resolveField(key: string, value: unknown, sources: SecretSources): Promise<unknown> {
  if (typeof value !== 'string') return value;
  if (key.endsWith(fileSuffix))
    return (await readTextFile(resolve(sources.directory, value), maxSecretBytes)).trim();
  if (!secretFields.has(key)) return value;
  return value.replace(variablePattern, (_, name: string) => {
    const variable = sources.environment[name];
    if (!variable) throw new Error(`the environment variable ${name} is not set`);
    return variable;
  });
}

/** `slack.url` → `slack.url_file`, where the file has the URL. */
function toPathInFile([kind = '', key, ...rest]: PropertyKey[], channel: object): PropertyKey[] {
  if (key === undefined) return [kind];
  const fileKey = `${String(key)}${fileSuffix}`;
  return [kind, fileKey in channel ? fileKey : key, ...rest];
}
