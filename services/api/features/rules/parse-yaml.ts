import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

/** What is wrong at a place of a file. */
export interface Fault {
  /** From 1. */
  line: number;
  column: number;
  /** `rules[0].condition.raise`; empty for the whole file. */
  path: string;
  message: string;
}

/** What is wrong with a value, before its place is known. */
export interface ValueFault {
  path: readonly PropertyKey[];
  message: string;
  /** Whether the key is wrong, not its value. */
  isKey?: boolean;
}

export interface ParsedYaml {
  /** Undefined if the text is not YAML. */
  value: unknown;
  faults: Fault[];
  /** Finds the place of a fault of the value. If something is missing, that is the place of what it is missing in. */
  locate(fault: ValueFault): Fault;
}

/** Plain words where the library's own are for programmers, or have a part of the text, which may be a secret. */
const messages: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_DQ_ESCAPE: 'unknown escape sequence: text with a backslash needs single quotes',
  BLOCK_AS_IMPLICIT_KEY: 'unexpected colon: text with a colon and a space needs quotes',
  MULTIPLE_DOCS: 'expected one document, without the line ---',
  NON_STRING_KEY: 'expected text as a key',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAG_RESOLVE_FAILED: 'tags that begin with ! are not supported',
  UNEXPECTED_TOKEN: 'unexpected text: a quote, a colon or indentation may be missing',
};

/** Parses one document of YAML 1.2. */
export function parseYaml(text: string): ParsedYaml {
  const lineCounter = new LineCounter();
  // The library's check of unique keys takes a quadratic time.
  const options = { lineCounter, prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const document = parseDocument(text, options);
  const toFault = ({ offset, message, path = '' }: Finding): Fault => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), path, message };
  };
  const describe = (error: YAMLError) =>
    toFault({ offset: error.pos[0], message: messages[error.code] ?? error.message });
  const locate = (fault: ValueFault) =>
    toFault({ offset: findOffset(document, fault), message: fault.message, path: toPathText(fault.path) });
  // What follows the first syntax error is often no error of its own.
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) return { value: undefined, faults: [describe(syntaxError)], locate };
  const aliasFault = findAliasFault(document);
  if (aliasFault !== undefined) return { value: undefined, faults: [toFault(aliasFault)], locate };
  const faults = [...document.warnings.map(describe), ...findDoubleKeys(document).map(toFault)];
  return { value: document.toJS(), faults, locate };
}

interface Finding {
  offset: number;
  message: string;
  path?: string;
}

/** An alias without its anchor, or aliases of aliases that would fill the memory. */
function findAliasFault(document: Document): Finding | undefined {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  const unknown = aliases.find((alias) => alias.resolve(document) === undefined);
  if (unknown !== undefined)
    return { offset: findStart(unknown) ?? 0, message: 'expected the name of an anchor above (&name)' };
  try {
    document.toJS();
    return undefined;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { offset: findStart(aliases[0]) ?? 0, message: 'too many aliases of aliases' };
  }
}

function findDoubleKeys(document: Document): Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const names = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (names.has(name)) findings.push({ offset: findStart(key) ?? 0, message: 'the same key again' });
        names.add(name);
      }
    },
  });
  return findings;
}

/** Where the value at a path begins, or its key, or else the nearest value around it. */
function findOffset(document: Document, { path, isKey = false }: ValueFault): number {
  let node: unknown = document.contents;
  let offset = findStart(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node)
      ? node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(key))
      : undefined;
    node = isSeq(node) ? node.items[Number(key)] : pair?.value;
    const found = isKey && depth === path.length - 1 ? pair?.key : (node ?? pair?.key);
    offset = findStart(found) ?? offset;
  }
  return offset;
}

function findStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** `['rules', 0, 'for']` → `rules[0].for` */
function toPathText(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[\w-]+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '');
}
