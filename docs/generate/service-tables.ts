import {
  descriptorOf,
  type Service,
  type ServiceType,
  serviceTypes,
} from '../../src/services/index.ts';
import { readServices } from '../../src/services/read.ts';
import type { Field, Fields } from '../../src/yaml/fields.ts';
import * as yaml from 'yaml';
import { code, codes, type Regions, table } from './markdown.ts';
import { firstReleases } from './releases.ts';
import { commonKeys, roles, types } from './texts.ts';

interface Key {
  readonly type: string;
  readonly key: string;
  readonly required: boolean;
  readonly since: string;
}

const allKeys: readonly Key[] = serviceTypes.flatMap(({ type, fields }) => keysOf(type, fields));

function keysOf(type: string, fields: Fields, prefix = ''): readonly Key[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const key = prefix + name;
    const { required = false, since } = field;
    const inner = 'fields' in field ? keysOf(type, field.fields, `${key}.`) : [];
    return [{ type, key, required, since: firstReleases(since) }, ...inner];
  });
}

/** Returns the tables of docs/credentials.md, each type with a sentence on its purpose. Throws an Error for a key or a role without a text. */
export function serviceTables(): Regions {
  const ownTables = serviceTypes.map(({ type }) => [`keys of ${type}`, ownTable(type)]);
  return { 'common keys': commonTable(), ...Object.fromEntries(ownTables), files: fileTable() };
}

function commonTable(): string {
  const rows = Object.entries(commonKeys).map(([key, text]) => {
    const those = allKeys.filter((candidate) => candidate.key === key && isCommon(candidate));
    return [code(key), codes(those.map(({ type }) => type)), those[0]?.since ?? '', text];
  });
  return table(['key', 'types', 'since tbot', 'meaning'], rows);
}

/** Whether a key has the same meaning and first release as in the first type that has it. */
function isCommon({ key, since }: Key): boolean {
  return (
    Object.hasOwn(commonKeys, key) &&
    allKeys.find((candidate) => candidate.key === key)?.since === since
  );
}

function ownTable(type: ServiceType): string {
  const rows = allKeys
    .filter((candidate) => candidate.type === type && !isCommon(candidate))
    .map(({ key, required, since }) => {
      const text = types[type]?.keys[key] ?? commonKeys[key];
      if (text === undefined)
        throw new Error(`docs/generate/texts.ts has no text for ${type}: ${key}`);
      return [code(key), required ? 'yes' : '', since, text];
    });
  return `${purposeOf(type)}\n\n${table(['key', 'required', 'since tbot', 'meaning'], rows)}`;
}

function purposeOf(type: ServiceType): string {
  const { purpose = '' } = types[type] ?? {};
  const { since, clusterSince, serves } = descriptorOf(type);
  const first = firstReleases(since);
  const required = [
    ...(serves ? ['`mode: background`'] : []),
    ...(first === '' ? [] : [`tbot${clusterSince ? ' and a cluster' : ''} ${first} or newer`]),
  ];
  return required.length === 0 ? purpose : `${purpose} Requires ${required.join(', and ')}.`;
}

interface File {
  readonly role: string;
  readonly file: string;
  readonly type: string;
  readonly need: '' | 'optional';
}

function fileTable(): string {
  const files = serviceTypes.flatMap(({ type, fields }) =>
    variantsOf(type, fields).flatMap((service) => {
      const { essential, optional, sockets } = descriptorOf(type).files(service);
      return [
        ...Object.entries({ ...essential, ...sockets }).map(([role, file]): File => ({
          role,
          file,
          type,
          need: '',
        })),
        ...Object.entries(optional).map(([role, file]): File => ({
          role,
          file,
          type,
          need: 'optional',
        })),
      ];
    }),
  );
  const rows = [...new Set(files.map(({ role }) => role))].map((role) => {
    const those = files.filter((candidate) => candidate.role === role);
    const text = roles[role];
    if (text === undefined)
      throw new Error(`docs/generate/texts.ts has no text for the role ${role}`);
    return [code(role), unique(those, 'file'), unique(those, 'type'), needOf(those), text];
  });
  return table(['role', 'file', 'types', 'optional', 'content'], rows);
}

/** Returns whether a file is optional, or for which types it is. */
function needOf(files: readonly File[]): string {
  const optional = files.filter(({ need }) => need === 'optional');
  if (optional.length === 0) return '';
  return optional.length === files.length ? 'yes' : `for ${unique(optional, 'type')}`;
}

function unique(files: readonly File[], key: 'file' | 'type'): string {
  return codes([...new Set(files.map((file) => file[key]))]);
}

/** A service of a type, and one for each word of its choices and each of its switches. */
function variantsOf(type: string, fields: Fields): readonly Service[] {
  const required = Object.entries(fields).filter(([, field]) => field.required);
  const base = required.map(([key, field]) => [key, exampleOf(field)]);
  const options = Object.entries(fields).flatMap(([key, field]) =>
    valuesOf(field).map((value) => [[key, value]]),
  );
  return [[], ...options].flatMap((option) => {
    const entry = Object.fromEntries([['type', type], ...base, ...option]);
    return readServices(JSON.stringify([entry]), yaml).map(({ service }) => service);
  });
}

function valuesOf(field: Field): readonly unknown[] {
  if (field.kind === 'choice') return field.words;
  return field.kind === 'boolean' ? [true] : [];
}

function exampleOf({ kind }: Field): unknown {
  if (kind === 'texts') return ['a'];
  if (kind === 'map') return { name: 'a' };
  return kind === 'maps' ? [{ name: 'a' }] : 'arn:aws:iam::1:role/a';
}
