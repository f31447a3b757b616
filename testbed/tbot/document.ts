import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { Failure } from './failure.ts';
import { asValues, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/**
 * Reads the configuration as go-yaml does, and rejects unknown keys of the root. Recorded from tbot
 * 15.0.0-dev; newer versions ignore them (`lib/tbot/internal/deprecated_roles.go`).
 */
export function readRoot(text: string, version: PlayedVersion): Values {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line ?? 1;
    throw new Failure(
      `failed parsing config file: yaml: line ${line}: ${firstLine(error.message)}`,
    );
  }
  if (!isMap(document.contents)) throw new Failure('failed parsing config file: EOF');
  const faults = rootFaults(document.contents, version, lines);
  if (faults.length > 0) {
    // Teleport removes the newlines of go-yaml's message.
    throw new Failure(`failed parsing config file: yaml: unmarshal errors:${faults.join('')}`);
  }
  return asValues(document.toJS());
}

function rootFaults(root: YAMLMap, version: PlayedVersion, lines: LineCounter): string[] {
  return root.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    if (!version.rootKeys.includes(name)) {
      if (!version.strictRoot) return [];
      return [`  line ${lineOf(key, lines)}: field ${name} not found in type config.BotConfig`];
    }
    const expected = wrongType(name, value);
    if (expected === undefined || !isScalar(value)) return [];
    return [
      `  line ${lineOf(value, lines)}: cannot unmarshal !!str \`${String(value.value)}\` into ${expected}`,
    ];
  });
}

function lineOf(node: { range?: readonly number[] | null }, lines: LineCounter): number {
  return lines.linePos(node.range?.[0] ?? 0).line;
}

const booleans = new Set(['oneshot', 'debug', 'fips', 'insecure']);
const lists = new Set(['services', 'outputs']);

function wrongType(name: string, value: unknown): string | undefined {
  if (booleans.has(name)) {
    return isScalar(value) && typeof value.value === 'boolean' ? undefined : 'bool';
  }
  if (lists.has(name)) {
    const empty = isScalar(value) && value.value === null;
    return isSeq(value) || empty ? undefined : '[]config.serviceConfig';
  }
  return undefined;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
