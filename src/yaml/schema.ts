import { nearest } from '../text/nearest.ts';
import { isPrintable, quoted } from '../text/display.ts';
import type { Field, Fields, Shape, Rule, Values } from './fields.ts';
import { choicesOf, labelsOf, mustBe, scalarOf, textOf, textsOf } from './values.ts';
import {
  type AddError,
  type Entry,
  isWhole,
  trackErrors,
  type Mapping,
  type Tree,
} from './tree.ts';

/**
 * Reads a mapping by its fields. Reports every key that is unknown, missing or invalid. Empty values
 * count as absent, as in tbot. Omits keys with an error anywhere in their value.
 */
export function readMapping(
  map: Mapping,
  fields: Fields,
  { what, refused = {}, hint = '', addError }: MappingOptions,
): Values {
  const misspells = (entry: Entry, key: string): boolean =>
    !Object.hasOwn(fields, entry.key) && meantKey(entry.key, fields) === key;
  const values = map.entries.flatMap((entry): readonly (readonly [string, unknown])[] => {
    const { key, at } = entry;
    const refusal = Object.hasOwn(refused, key) ? refused[key] : undefined;
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (refusal !== undefined) addError(at, refusal);
    else if (field === undefined) addError(at, unknownKey(key, fields, what));
    else {
      const within = trackErrors(addError);
      const value = readEntry(entry, field, within.addError);
      if (value !== undefined && isWhole(entry.value) && !within.hasErrors()) return [[key, value]];
    }
    return [];
  });
  for (const [key, field] of Object.entries(fields))
    if (field.required && !map.entries.some((entry) => entry.key === key || misspells(entry, key)))
      addError(map.at, `${what} requires \`${key}\`${hint}`);
  return Object.fromEntries(values);
}

export interface MappingOptions {
  /** The mapping as the subject of a sentence. */
  readonly what: string;
  /** Messages for keys that tbot supports, but this action does not. */
  readonly refused?: Readonly<Record<string, string>>;
  /** Added to the error about a missing key. */
  readonly hint?: string;
  readonly addError: AddError;
}

function unknownKey(key: string, fields: Fields, what: string): string {
  const meant = meantKey(key, fields);
  const shown = isPrintable(key) && /^[^@]{1,60}$/.test(key) ? `key \`${key}\`` : 'such key';
  return meant === undefined
    ? `${what} has no ${shown}. Known keys: ${Object.keys(fields).join(', ')}`
    : `${what} has no ${shown}. Did you mean \`${meant}\`?`;
}

/** Returns the known key that an unknown one most likely stands for. */
function meantKey(key: string, fields: Fields): string | undefined {
  const aliased = Object.entries(fields).find(([, { aliases }]) => aliases?.includes(key));
  return aliased?.[0] ?? nearest(key, Object.keys(fields));
}

/** Returns the value of a key. Undefined if it is empty or invalid. */
function readEntry({ key, at, value }: Entry, field: Field, addError: AddError): unknown {
  const empty = value.kind === 'scalar' && (value.text === undefined || value.text === '');
  if (empty) {
    if (field.required) addError(at, `\`${key}\` must not be empty`);
    return undefined;
  }
  if (field.required && value.kind === 'list' && value.items.length === 0)
    return addError(at, `\`${key}\` must have at least one entry`);
  return valueOf(key, value, field, addError);
}

function valueOf(key: string, tree: Tree, field: Rule, addError: AddError): unknown {
  if (tree.kind === 'unread') return undefined;
  switch (field.kind) {
    case 'text':
    case 'duration':
    case 'boolean':
    case 'choice':
      return scalarOf(key, tree, field, addError);
    case 'texts':
      return textsOf(key, tree, addError);
    case 'choices':
      return choicesOf(key, tree, field.words, addError);
    case 'labels':
      return labelsOf(key, tree, addError, (name, value) => textOf(name, value, addError));
    case 'label-lists':
      return labelsOf(key, tree, addError, (name, value) => {
        if (value.kind === 'list' && value.items.length === 0)
          return addError(value.at, `the label ${quoted(name)} must have at least one value`);
        return textsOf(name, value, addError);
      });
    case 'map':
      if (tree.kind === 'map') return readNested(key, tree, field, addError);
      return addError(tree.at, mustBe(`\`${key}\``, 'a mapping', tree));
    case 'maps':
      return mapsOf(key, tree, field, addError);
    default:
      return field satisfies never;
  }
}

/** Reads a nested mapping. Checks `oneOf` only if the keys are valid. */
function readNested(
  key: string,
  map: Mapping,
  { fields, oneOf = [] }: Shape,
  addError: AddError,
): Values {
  const what = `\`${key}\``;
  const within = trackErrors(addError);
  const values = readMapping(map, fields, { what, addError: within.addError });
  if (oneOf.length === 0 || within.hasErrors() || !isWhole(map)) return values;
  const given = oneOf.filter((name) => isSet(values[name]));
  const names = oneOf.map((name) => `\`${name}\``).join(' or ');
  if (given.length === 0) addError(map.at, `${what} requires ${names}`);
  if (given.length > 1) addError(map.at, `${what} must have ${names}, not both`);
  return values;
}

/** Whether a value is set. An empty mapping counts as absent. */
function isSet(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined;
}

function mapsOf(
  key: string,
  tree: Tree,
  shape: Shape,
  addError: AddError,
): readonly Values[] | undefined {
  if (tree.kind !== 'list') return addError(tree.at, mustBe(`\`${key}\``, 'a list', tree));
  return tree.items.flatMap((item) => {
    if (item.kind === 'map') return [readNested(key, item, shape, addError)];
    if (item.kind !== 'unread')
      addError(item.at, mustBe(`an entry of \`${key}\``, 'a mapping', item));
    return [];
  });
}
