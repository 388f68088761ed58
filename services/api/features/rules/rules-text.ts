import {
  channelKinds,
  escapeUnsafe,
  type Receiver,
  type Rule,
  toRuleSeverity,
} from '@sensor-sentinel/contracts';
import type { LoadedRules } from './load-rules-file.ts';
import type { Fault } from './parse-yaml.ts';

/** `rules.yaml:12:7: rules[0].for: expected a duration such as "5m"` */
export function toFaultLine(file: string, { line, column, path, message }: Fault): string {
  const place = `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}`;
  return `${escapeUnsafe(place + message)}\n`;
}

/** A table of the rules and one of the receivers, without secrets. */
export function toRulesText({ rules, receivers }: LoadedRules): string {
  return [
    toTable(['rule', 'type', 'sensors', 'condition', 'for', 'severity'], rules.map(toRuleCells)),
    toTable(['receiver', 'channel', 'rules', 'severities'], receivers.map(toReceiverCells)),
  ].join('\n');
}

function toRuleCells(rule: Rule): string[] {
  const { name, type = 'default', sensors, condition } = rule;
  return [name, type, sensors, condition.kind, rule.for, toRuleSeverity(rule)];
}

function toReceiverCells(receiver: Receiver): string[] {
  const channel = channelKinds.find((kind) => receiver[kind] !== undefined) ?? '';
  return [receiver.name, channel, receiver.rules, receiver.severities.join(', ')];
}

function toTable(heads: readonly string[], rows: readonly string[][]): string {
  const lines = [heads, ...rows].map((cells) => cells.map((cell) => escapeUnsafe(cell)));
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}
