import { dirname } from 'node:path';
import {
  maxTemplateLength,
  type Receiver,
  type Rule,
  receiverInFileSchema,
  rulesFileSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { type Fault, parseYaml, type ValueFault } from './parse-yaml.ts';
import { readTextFile } from './read-text-file.ts';
import { resolveSecrets, type SecretSources } from './resolve-secrets.ts';
import { createFieldAdvisor } from './rules-schema.ts';
import { findTemplateFaults } from './template.ts';

const maxFileBytes = 1_048_576;
const maxFaults = 100;

/** What a rules file says; without rules and receivers if it has faults, which are in the order of the file. */
export interface LoadedRules {
  rules: Rule[];
  /** With secrets: not for answers or logs. */
  receivers: Receiver[];
  faults: Fault[];
}

type Environment = SecretSources['environment'];

/** Reads a rules file and the secrets that it names. Never rejects. */
export async function loadRulesFile(path: string, environment: Environment): Promise<LoadedRules> {
  try {
    const text = await readTextFile(path, maxFileBytes);
    return await parseRules(text, { directory: dirname(path), environment });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return toRefusal([{ line: 1, column: 1, path: '', message }]);
  }
}

/** Parses the text of a rules file, and reads the secrets that it names. */
export async function parseRules(text: string, sources: SecretSources): Promise<LoadedRules> {
  const { value, faults: syntaxFaults, locate } = parseYaml(text);
  if (value === undefined) return toRefusal(syntaxFaults);
  // A file that is empty for a moment, while it is written, must not remove all rules.
  if (value === null) return toRefusal([locate({ path: [], message: 'the file has no rules or receivers' })]);
  const parsed = rulesFileSchema.safeParse(value);
  const { rules, receivers } = listsSchema.parse(value);
  const resolved = await Promise.all(
    receivers.map((receiver, index) => resolveReceiver(receiver, index, sources)),
  );
  const faults = [
    ...(parsed.success ? [] : toValueFaults(parsed.error, value)),
    ...findDoubleNames(rules, 'rules'),
    ...findDoubleNames(receivers, 'receivers'),
    ...rules.flatMap(findAnnotationFaults),
    ...resolved.flatMap((one) => one.faults),
  ];
  const located = [...syntaxFaults, ...faults.map(locate)];
  if (located.length > 0 || !parsed.success) return toRefusal(located);
  return {
    rules: parsed.data.rules,
    receivers: resolved.flatMap(({ receiver }) => receiver ?? []),
    faults: [],
  };
}

function toRefusal(faults: Fault[]): LoadedRules {
  const inOrder = faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { rules: [], receivers: [], faults: inOrder.slice(0, maxFaults) };
}

/** What can be checked in a file that has faults elsewhere. */
const listsSchema = z
  .object({ rules: z.array(z.unknown()).catch([]), receivers: z.array(z.unknown()).catch([]) })
  .catch({ rules: [], receivers: [] });

function toValueFaults({ issues }: z.ZodError, file: unknown): ValueFault[] {
  const advise = createFieldAdvisor(file);
  return issues.flatMap((issue): ValueFault[] => {
    const { path, message } = issue;
    if (issue.code !== 'unrecognized_keys') return [{ path, message, isKey: issue.code === 'invalid_key' }];
    const paths = issue.keys.slice(0, maxFaults).map((key) => [...path, key]);
    return paths.map((one) => ({ path: one, message: advise(one), isKey: true }));
  });
}

const namedSchema = z.object({ name: z.string() });

function findDoubleNames(list: readonly unknown[], listName: string): ValueFault[] {
  const names = list.map((one) => namedSchema.safeParse(one).data?.name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name === undefined || first === index) return [];
    return [{ path: [listName, index, 'name'], message: `is also the name of ${listName}[${first}]` }];
  });
}

const anyRecord = z.record(z.string(), z.unknown()).catch({});
const annotatedSchema = z.object({ labels: anyRecord, annotations: anyRecord });

function findAnnotationFaults(rule: unknown, index: number): ValueFault[] {
  const { labels, annotations } = annotatedSchema.safeParse(rule).data ?? { labels: {}, annotations: {} };
  return Object.entries(annotations).flatMap(([name, text]) => {
    if (typeof text !== 'string' || text.length > maxTemplateLength) return [];
    const path = ['rules', index, 'annotations', name];
    return findTemplateFaults(text, Object.keys(labels)).map((message) => ({ path, message }));
  });
}

async function resolveReceiver(value: unknown, index: number, sources: SecretSources) {
  const parsed = receiverInFileSchema.safeParse(value);
  if (!parsed.success) return { faults: [] };
  const { receiver, faults } = await resolveSecrets(parsed.data, sources);
  return {
    receiver,
    faults: faults.map(({ path, message }) => ({ path: ['receivers', index, ...path], message })),
  };
}
