import { InputErrors } from '../text/input-error.ts';
import { nearest } from '../text/nearest.ts';
import { parseYaml, type Yaml } from '../yaml/parse.ts';
import type { Values } from '../yaml/fields.ts';
import { readMapping } from '../yaml/schema.ts';
import {
  type AddError,
  type Entry,
  isWhole,
  trackErrors,
  type Mapping,
  type Position,
  start,
  collectErrors,
  type Tree,
} from '../yaml/tree.ts';
import { checkService } from './check.ts';
import { checkName, nameErrors } from './names.ts';
import type { Request, Service, ServiceDraft } from './service.ts';
import {
  isServiceType,
  longRunningTypes,
  otherNames,
  refusedTypes,
  serviceTypes,
} from './types.ts';

/**
 * Reads the input `services`: a YAML list in tbot's own vocabulary, read more strictly than tbot
 * does, which ignores what it does not know. Throws Mistakes with line and column, all at once.
 */
export function readServices(text: string, yaml: Yaml): readonly Request[] {
  const collector = collectErrors();
  const list = parseYaml(text, yaml, collector.addError);
  const requests = list ? requestsOf(list, collector.addError) : [];
  if (collector.inOrder().length === 0) return requests;
  // Otherwise those are looked for among all that is asked for, by whatever input.
  for (const { request, what } of nameErrors(requests))
    collector.addError(request.at ?? start, what);
  throw new InputErrors(collector.inOrder());
}

function requestsOf(list: Tree, addError: AddError): readonly Request[] {
  if (list.kind === 'unread') return [];
  if (list.kind !== 'list') {
    addError(list.at, 'must be a list of services; each entry begins with `- `');
    return [];
  }
  return list.items.flatMap((item) => {
    if (item.kind === 'map') return requestOf(item, addError) ?? [];
    if (item.kind !== 'unread')
      addError(item.at, `a service is a mapping, such as \`type: application\`${blankHint(item)}`);
    return [];
  });
}

/** `type:application` is one word to YAML. */
function blankHint(item: Tree): string {
  const glued = item.kind === 'scalar' && /^\w+:\S/.test(item.text ?? '');
  return glued ? ', with a blank behind the colon' : '';
}

function requestOf(entry: Mapping, addError: AddError): Request | undefined {
  const type = typeOf(entry, addError);
  const { addError: note, hasErrors } = trackErrors(addError);
  const name = nameOf(entry, note);
  if (type === undefined || !isServiceType(type)) return undefined;
  const rest = entry.entries.filter(({ key }) => key !== 'type' && key !== 'name');
  const naming = { what: `\`${type}\``, refused, addError: note };
  const settings = readMapping({ ...entry, entries: rest }, serviceTypes[type], naming);
  const unread = new Set(rest.map(({ key }) => key).filter((key) => !Object.hasOwn(settings, key)));
  checkService(draftOf(type, settings), unread, (key, what) => note(placeOf(entry, key), what));
  if (hasErrors() || !isWhole(entry)) return undefined;
  return {
    service: serviceOf(type, settings),
    input: 'services',
    at: entry.at,
    ...(name === undefined ? {} : { name }),
  };
}

/** The reader has held the settings against the fields of this very type. */
function draftOf(type: string, settings: Values): ServiceDraft {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { type, ...settings } as unknown as ServiceDraft;
}

/** Of settings in which no mistake was found, also none that is missing. */
function serviceOf(type: string, settings: Values): Service {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { type, ...settings } as unknown as Service;
}

const refused: Readonly<Record<string, string>> = {
  destination:
    '`destination` is not taken: the action chooses the folder, and its outputs say which',
};

/** The entry's type when it is one that can be asked for. */
function typeOf(entry: Mapping, addError: AddError): string | undefined {
  const given = find(entry, 'type');
  if (given?.value.kind === 'unread') return undefined;
  const type = given?.value.kind === 'scalar' ? given.value.text : undefined;
  const at = given?.value.at ?? entry.at;
  if (type === undefined || type === '') return addError(at, 'a service needs a `type`');
  if (isServiceType(type)) return type;
  return addError(at, whyNot(type));
}

function whyNot(type: string): string {
  if (longRunningTypes.has(type))
    return `\`${type}\` serves as long as tbot runs, and here tbot ends when all is issued; it would need \`mode: background\`, which this version of the action does not have. Ask for the certificate of an \`application\` or a \`database\` instead, or keep another action for this`;
  const reason = Object.hasOwn(refusedTypes, type) ? refusedTypes[type] : undefined;
  if (reason !== undefined) return reason;
  const known = Object.keys(serviceTypes);
  const meant = Object.hasOwn(otherNames, type) ? otherNames[type] : nearest(type, known);
  return meant === undefined
    ? `there is no such type of service; there are ${known.join(', ')}`
    : `there is no such type of service; did you mean \`${meant}\`?`;
}

function nameOf(entry: Mapping, addError: AddError): string | undefined {
  const given = find(entry, 'name');
  if (given === undefined) return undefined;
  const { value } = given;
  if (value.kind === 'scalar' && value.text === undefined) return undefined;
  const name = value.kind === 'scalar' ? (value.text ?? '') : '';
  const why = checkName(name);
  return why === undefined ? name : addError(value.at, why);
}

function find(entry: Mapping, key: string): Entry | undefined {
  return entry.entries.find((candidate) => candidate.key === key);
}

/** Where a key of an entry stands; the entry itself where it lacks the key. */
function placeOf(entry: Mapping, key: string): Position {
  return find(entry, key)?.at ?? entry.at;
}
