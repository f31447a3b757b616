import { parseDuration } from '../inputs/duration.ts';
import { Mistake } from '../inputs/mistake.ts';
import { nearest } from '../inputs/nearest.ts';
import { isPrintable } from '../inputs/values.ts';
import type { Field, Fields, Rule, Values } from './fields.ts';
import {
  type Complain,
  type Entry,
  type Mapping,
  nameOf,
  type Position,
  type Tree,
} from './tree.ts';

/**
 * Reads a mapping by its fields; complains of every key that is unknown, missing or holds something
 * else. `what` names the mapping in a sentence; `refused` has words for keys that are known and yet
 * not taken. Empty values count as absent, as in tbot.
 */
export function readMapping(
  map: Mapping,
  fields: Fields,
  { what, refused = {}, complain }: Naming,
): Values {
  const known = Object.keys(fields);
  const meansKey = (entry: Entry, key: string): boolean =>
    !known.includes(entry.key) && nearest(entry.key, known) === key;
  const values = map.entries.flatMap((entry): readonly (readonly [string, unknown])[] => {
    const { key, at } = entry;
    const no = Object.hasOwn(refused, key) ? refused[key] : undefined;
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (no !== undefined) complain(at, no);
    else if (field === undefined) complain(at, unknownKey(key, fields, what));
    else {
      const value = readEntry(entry, field, complain);
      if (value !== undefined) return [[key, value]];
    }
    return [];
  });
  for (const [key, field] of Object.entries(fields))
    if (field.needed && !map.entries.some((entry) => entry.key === key || meansKey(entry, key)))
      complain(map.at, `${what} needs \`${key}\``);
  return Object.fromEntries(values);
}

export interface Naming {
  readonly what: string;
  readonly refused?: Readonly<Record<string, string>>;
  readonly complain: Complain;
}

function unknownKey(key: string, fields: Fields, what: string): string {
  const known = Object.keys(fields);
  const meant = nearest(key, known);
  const shown = isPrintable(key) && key.length <= 60 ? `\`${key}\`` : 'of this name';
  return meant === undefined
    ? `${what} has no key ${shown}; it has ${known.join(', ')}`
    : `${what} has no key ${shown}; did you mean \`${meant}\`?`;
}

/** Undefined for what is empty, and for what there was a complaint about. */
function readEntry({ key, at, value }: Entry, field: Field, complain: Complain): unknown {
  const empty = value.kind === 'scalar' && (value.text === undefined || value.text === '');
  if (empty) {
    if (field.needed) complain(at, `\`${key}\` must not be empty`);
    return undefined;
  }
  return valueOf(key, value, field, complain);
}

function valueOf(key: string, tree: Tree, field: Rule, complain: Complain): unknown {
  if (tree.kind === 'unread') return undefined;
  switch (field.kind) {
    case 'text':
    case 'duration':
    case 'boolean':
    case 'choice':
      return scalarOf(key, tree, field, complain);
    case 'texts':
      return textsOf(key, tree, complain);
    case 'labels':
      return labelsOf(key, tree, complain, (name, value) => textOf(name, value, complain));
    case 'label-lists':
      return labelsOf(key, tree, complain, (name, value) => textsOf(name, value, complain));
    case 'map':
      if (tree.kind === 'map')
        return readMapping(tree, field.fields, { what: `\`${key}\``, complain });
      return complain(tree.at, mustBe(key, 'a mapping', tree));
    case 'maps':
      return mapsOf(key, tree, field.fields, complain);
    default:
      return field satisfies never;
  }
}

type ScalarRule = Extract<Rule, { kind: 'text' | 'duration' | 'boolean' | 'choice' }>;

function scalarOf(key: string, tree: Tree, field: ScalarRule, complain: Complain): unknown {
  const text = textOf(key, tree, complain);
  if (text === undefined) return undefined;
  switch (field.kind) {
    case 'text':
      return text;
    case 'duration':
      return durationOf(key, text, tree.at, complain);
    case 'boolean':
      return booleanOf(key, text, tree.at, complain);
    case 'choice':
      if (field.words.includes(text)) return text;
      return complain(tree.at, `\`${key}\` must be one of ${field.words.join(', ')}`);
    default:
      return field satisfies never;
  }
}

/** Go's YAML takes the words of YAML 1.1 where it wants a boolean (gopkg.in/yaml.v3, resolve.go). */
function booleanOf(key: string, text: string, at: Position, complain: Complain): unknown {
  if (/^(?:true|yes|on|y)$/i.test(text)) return true;
  if (/^(?:false|no|off|n)$/i.test(text)) return false;
  return complain(at, `\`${key}\` must be true or false`);
}

function durationOf(key: string, text: string, at: Position, complain: Complain): unknown {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return complain(at, `\`${key}\`: ${error.message}`);
  }
}

function textOf(key: string, tree: Tree, complain: Complain): string | undefined {
  if (tree.kind === 'unread') return undefined;
  if (tree.kind !== 'scalar') return complain(tree.at, mustBe(key, 'a single value', tree));
  const { text } = tree;
  if (text === undefined || text === '') return complain(tree.at, `\`${key}\` must not be empty`);
  if (isPrintable(text)) return text;
  return complain(tree.at, `\`${key}\` has a line break or a control character in it`);
}

function textsOf(key: string, tree: Tree, complain: Complain): readonly string[] | undefined {
  if (tree.kind === 'unread') return undefined;
  if (tree.kind !== 'list') return complain(tree.at, mustBe(key, 'a list', tree));
  const texts = tree.items.map((item) => textOf(key, item, complain));
  return texts.filter((text) => text !== undefined);
}

function labelsOf<T>(
  key: string,
  tree: Tree,
  complain: Complain,
  read: (name: string, value: Tree) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  if (tree.kind !== 'map') return complain(tree.at, mustBe(key, 'a mapping', tree));
  const labels = tree.entries.flatMap(({ key: name, at, value }) => {
    if (!isPrintable(name)) complain(at, `a label of \`${key}\` has a control character in it`);
    const label = read(name, value);
    return label === undefined ? [] : [[name, label] as const];
  });
  return Object.fromEntries(labels);
}

function mapsOf(
  key: string,
  tree: Tree,
  fields: Fields,
  complain: Complain,
): readonly Values[] | undefined {
  if (tree.kind !== 'list') return complain(tree.at, mustBe(key, 'a list', tree));
  return tree.items.flatMap((item) => {
    if (item.kind === 'map') return [readMapping(item, fields, { what: `\`${key}\``, complain })];
    if (item.kind !== 'unread') complain(item.at, mustBe(`an entry of ${key}`, 'a mapping', item));
    return [];
  });
}

function mustBe(key: string, wanted: string, tree: Tree): string {
  return `\`${key}\` must be ${wanted}, and is ${nameOf(tree)}`;
}
