import { nearest } from '../text/nearest.ts';
import { quoted } from '../text/quoted.ts';
import { isPrintable } from '../text/characters.ts';
import type { Field, Fields, Part, Rule, Values } from './fields.ts';
import { choicesOf, labelsOf, mustBe, scalarOf, textOf, textsOf } from './values.ts';
import { type Complain, type Entry, isWhole, listening, type Mapping, type Tree } from './tree.ts';

/**
 * Reads a mapping by its fields; complains of every key that is unknown, missing or holds something
 * else. `what` names the mapping in a sentence; `refused` has words for keys that are known and yet
 * not taken. Empty values count as absent, as in tbot; so does a key with a mistake anywhere in it.
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
      const within = listening(complain);
      const value = readEntry(entry, field, within.complain);
      if (value !== undefined && isWhole(entry.value) && !within.heard()) return [[key, value]];
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
  const shown = isPrintable(key) && /^[^@]{1,60}$/.test(key) ? `\`${key}\`` : 'of this name';
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
  if (field.needed && value.kind === 'list' && value.items.length === 0)
    return complain(at, `\`${key}\` needs at least one entry`);
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
    case 'choices':
      return choicesOf(key, tree, field.words, complain);
    case 'labels':
      return labelsOf(key, tree, complain, (name, value) => textOf(name, value, complain));
    case 'label-lists':
      return labelsOf(key, tree, complain, (name, value) => {
        if (value.kind === 'list' && value.items.length === 0)
          return complain(value.at, `the label ${quoted(name)} needs at least one value`);
        return textsOf(name, value, complain);
      });
    case 'map':
      if (tree.kind === 'map') return partOf(key, tree, field, complain);
      return complain(tree.at, mustBe(key, 'a mapping', tree));
    case 'maps':
      return mapsOf(key, tree, field, complain);
    default:
      return field satisfies never;
  }
}

/** A mapping within another; which keys it may have beside each other is asked once it is sound. */
function partOf(
  key: string,
  map: Mapping,
  { fields, oneOf = [] }: Part,
  complain: Complain,
): Values {
  const what = `\`${key}\``;
  const within = listening(complain);
  const values = readMapping(map, fields, { what, complain: within.complain });
  if (oneOf.length === 0 || within.heard() || !isWhole(map)) return values;
  const given = oneOf.filter((name) => says(values[name]));
  const names = oneOf.map((name) => `\`${name}\``).join(' or ');
  if (given.length === 0) complain(map.at, `${what} needs ${names}`);
  if (given.length > 1) complain(map.at, `${what} takes ${names}, not both`);
  return values;
}

/** An empty mapping says nothing. */
function says(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined;
}

function mapsOf(
  key: string,
  tree: Tree,
  part: Part,
  complain: Complain,
): readonly Values[] | undefined {
  if (tree.kind !== 'list') return complain(tree.at, mustBe(key, 'a list', tree));
  return tree.items.flatMap((item) => {
    if (item.kind === 'map') return [partOf(key, item, part, complain)];
    if (item.kind !== 'unread') complain(item.at, mustBe(`an entry of ${key}`, 'a mapping', item));
    return [];
  });
}
