import { parseDuration } from '../text/time.ts';
import { InputError, type Position } from '../text/input-error.ts';
import { isPrintable, quoted } from '../text/display.ts';
import type { Rule } from './fields.ts';
import { type AddError, nameOf, type Tree } from './tree.ts';

type ScalarRule = Extract<Rule, { kind: 'text' | 'duration' | 'boolean' | 'choice' }>;

/** Reads a single value. Reports an error and returns undefined if it is invalid. */
export function scalarOf(key: string, tree: Tree, field: ScalarRule, addError: AddError): unknown {
  const text = textOf(key, tree, addError);
  if (text === undefined) return undefined;
  switch (field.kind) {
    case 'text':
      return text;
    case 'duration':
      return durationOf(key, text, tree.at, addError);
    case 'boolean':
      return booleanOf(key, text, tree.at, addError);
    case 'choice':
      if (field.words.includes(text)) return text;
      return addError(tree.at, `\`${key}\` must be one of ${field.words.join(', ')}`);
    default:
      return field satisfies never;
  }
}

/** Accepts the booleans of YAML 1.1, as tbot's YAML package does (gopkg.in/yaml.v3, resolve.go). */
function booleanOf(key: string, text: string, at: Position, addError: AddError): unknown {
  if (/^(?:true|yes|on|y)$/i.test(text)) return true;
  if (/^(?:false|no|off|n)$/i.test(text)) return false;
  return addError(at, `\`${key}\` must be \`true\` or \`false\``);
}

function durationOf(key: string, text: string, at: Position, addError: AddError): unknown {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return addError(at, `\`${key}\`: ${error.message}`);
  }
}

export function textOf(key: string, tree: Tree, addError: AddError): string | undefined {
  if (tree.kind === 'unread') return undefined;
  if (tree.kind !== 'scalar') return addError(tree.at, mustBe(quoted(key), 'a single value', tree));
  const { text } = tree;
  if (text === undefined || text === '')
    return addError(tree.at, `${quoted(key)} must not be empty`);
  if (isPrintable(text)) return text;
  return addError(tree.at, `${quoted(key)} contains a line break or a control character`);
}

export function textsOf(
  key: string,
  tree: Tree,
  addError: AddError,
): readonly string[] | undefined {
  if (tree.kind === 'unread') return undefined;
  if (tree.kind !== 'list') return addError(tree.at, mustBe(quoted(key), 'a list', tree));
  const texts = tree.items.map((item) => textOf(key, item, addError));
  return texts.filter((text) => text !== undefined);
}

/** Reads a list of words from a fixed set. Reports each entry that is not in the set, at its position. */
export function choicesOf(
  key: string,
  tree: Tree,
  words: readonly string[],
  addError: AddError,
): readonly string[] | undefined {
  for (const item of tree.kind === 'list' ? tree.items : [])
    if (item.kind === 'scalar' && item.text && !words.includes(item.text))
      addError(item.at, `an entry of \`${key}\` must be one of ${words.join(', ')}`);
  return textsOf(key, tree, addError);
}

export function labelsOf<T>(
  key: string,
  tree: Tree,
  addError: AddError,
  read: (name: string, value: Tree) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  if (tree.kind !== 'map') return addError(tree.at, mustBe(quoted(key), 'a mapping', tree));
  const labels = tree.entries.flatMap(({ key: name, at, value }) => {
    if (!isPrintable(name)) {
      addError(at, `the name of a label in \`${key}\` contains a control character`);
      return [];
    }
    const label = read(name, value);
    return label === undefined ? [] : [[name, label] as const];
  });
  return Object.fromEntries(labels);
}

/** Returns the error for a value of the wrong kind. */
export function mustBe(what: string, wanted: string, tree: Tree): string {
  return `${what} must be ${wanted}, but is ${nameOf(tree)}`;
}
