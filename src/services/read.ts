import { InputErrors, type Position } from '../text/input-error.ts';
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
  start,
  collectErrors,
  type Tree,
} from '../yaml/tree.ts';
import {
  descriptorOf,
  isServiceType,
  longRunningTypes,
  refusedTypes,
  type Service,
  type ServiceType,
  serviceTypes,
} from './index.ts';
import { checkName, nameErrors } from './names.ts';
import type { Request } from './requests.ts';

/**
 * Reads the input `services`, a YAML list with the keys of tbot's own `services`. Rejects unknown keys,
 * which tbot ignores. Throws InputErrors with the positions of all errors.
 */
export function readServices(text: string, yaml: Yaml): readonly Request[] {
  const collector = collectErrors();
  const list = parseYaml(text, yaml, collector.addError);
  const requests = list ? requestsOf(list, collector.addError) : [];
  if (collector.inOrder().length === 0) return requests;
  // Without other errors, names are compared across all inputs.
  for (const { request, message } of nameErrors(requests))
    collector.addError(request.at ?? start, message);
  throw new InputErrors(collector.inOrder());
}

function requestsOf(list: Tree, addError: AddError): readonly Request[] {
  if (list.kind === 'unread') return [];
  if (list.kind !== 'list') {
    notAList(list, addError);
    return [];
  }
  return list.items.flatMap((item) => {
    if (item.kind === 'map') return requestOf(item, addError) ?? [];
    if (item.kind !== 'unread')
      addError(
        item.at,
        `an entry must be a mapping, such as \`type: application\`${spaceHint(item)}`,
      );
    return [];
  });
}

/** Reports a value that is not a list, such as a whole tbot.yaml. */
function notAList(tree: Tree, addError: AddError): void {
  const pasted =
    tree.kind === 'map' && tree.entries.find(({ key }) => key === 'services' || key === 'outputs');
  if (pasted)
    addError(
      pasted.at,
      `the value is a mapping, not a list. Paste only the list under \`${pasted.key}:\``,
    );
  else addError(tree.at, 'the value must be a list. Begin each entry with `- `');
}

/** Without a space, `type:application` is one YAML string, not a mapping. */
function spaceHint(item: Tree): string {
  const glued = item.kind === 'scalar' && /^\w+:\S/.test(item.text ?? '');
  return glued ? '. Add a space after the colon' : '';
}

function requestOf(entry: Mapping, addError: AddError): Request | undefined {
  const type = typeOf(entry, addError);
  const { addError: note, hasErrors } = trackErrors(addError);
  const name = nameOf(entry, note);
  if (type === undefined) return undefined;
  const rest = entry.entries.filter(({ key }) => key !== 'type' && key !== 'name');
  const descriptor = descriptorOf(type);
  // Users may confuse it with the name of the application, database or cluster.
  const hint = name === undefined ? '' : '. `name` is only the name of the credential';
  const naming = { what: `\`${type}\``, refused, hint, addError: note };
  const settings = readMapping({ ...entry, entries: rest }, descriptor.fields, naming);
  const unread = new Set(rest.map(({ key }) => key).filter((key) => !Object.hasOwn(settings, key)));
  descriptor.check?.(settings, (key, message) => note(placeOf(entry, key), message), unread);
  if (hasErrors() || !isWhole(entry)) return undefined;
  return {
    service: serviceOf(type, settings),
    input: 'services',
    at: entry.at,
    ...(name === undefined ? {} : { name }),
  };
}

/** Settings that were read with the fields of this type, without an error. */
function serviceOf(type: ServiceType, settings: Values): Service {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { type, ...settings } as unknown as Service;
}

const refused: Readonly<Record<string, string>> = {
  destination:
    'remove `destination`: the action chooses the directory and reports it in the outputs',
};

/** Returns the type of an entry, if the action supports it. */
function typeOf(entry: Mapping, addError: AddError): ServiceType | undefined {
  const given = find(entry, 'type');
  if (given?.value.kind === 'unread') return undefined;
  const type = given?.value.kind === 'scalar' ? given.value.text : undefined;
  const at = given?.value.at ?? entry.at;
  if (type === undefined || type === '') return addError(at, 'a service requires `type`');
  if (isServiceType(type)) return type;
  return addError(at, whyNot(type));
}

function whyNot(type: string): string {
  if (longRunningTypes.has(type))
    return `\`${type}\` serves connections while tbot runs, but this action runs tbot only once. It requires \`mode: background\`, which this version of the action does not have. Use a type that issues files, such as \`application\` or \`database\``;
  const reason = Object.hasOwn(refusedTypes, type) ? refusedTypes[type] : undefined;
  if (reason !== undefined) return reason;
  const known = serviceTypes.map((descriptor) => descriptor.type);
  const meant = aliased(type) ?? nearest(type, known);
  return meant === undefined
    ? `unknown service type. Known types: ${known.join(', ')}`
    : `unknown service type. Did you mean \`${meant}\`?`;
}

function aliased(alias: string): string | undefined {
  return serviceTypes.find(({ type }) => descriptorOf(type).aliases?.includes(alias))?.type;
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

/** Returns the place of a key of an entry, or of the entry itself if it lacks the key. */
function placeOf(entry: Mapping, key: string): Position {
  return find(entry, key)?.at ?? entry.at;
}
