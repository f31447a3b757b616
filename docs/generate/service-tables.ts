import { filesOf } from '../../src/services/verify/files.ts';
import {
  clusterTypeAvailability,
  keyAvailability,
  typeAvailability,
} from '../../src/tbot/versions/known.ts';
import { readServices } from '../../src/services/read.ts';
import type { Service } from '../../src/services/service.ts';
import { serviceTypes } from '../../src/services/types.ts';
import type { Availability } from '../../src/versions/releases.ts';
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

const allKeys: readonly Key[] = Object.entries<Fields>(serviceTypes).flatMap(([type, fields]) =>
  keysOf(type, fields),
);

function keysOf(type: string, fields: Fields, prefix = '', outer = ''): readonly Key[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const key = prefix + name;
    const since = availabilityOf(name) === undefined ? outer : firstReleases(availabilityOf(name));
    const inner = 'fields' in field ? keysOf(type, field.fields, `${key}.`, since) : [];
    return [{ type, key, required: field.required ?? false, since }, ...inner];
  });
}

function availabilityOf(name: string): Availability | undefined {
  return Object.hasOwn(keyAvailability, name) ? keyAvailability[name] : undefined;
}

/** Returns the tables of docs/credentials.md, each type with a sentence on its purpose. Throws an Error for a key or a role without a text. */
export function serviceTables(): Regions {
  const ownTables = Object.keys(serviceTypes).map((type) => [`keys of ${type}`, ownTable(type)]);
  return { 'common keys': commonTable(), ...Object.fromEntries(ownTables), files: fileTable() };
}

function commonTable(): string {
  const rows = Object.entries(commonKeys).map(([key, text]) => {
    const those = allKeys.filter((candidate) => candidate.key === key);
    return [code(key), codes(those.map(({ type }) => type)), those[0]?.since ?? '', text];
  });
  return table(['key', 'types', 'since tbot', 'meaning'], rows);
}

function ownTable(type: string): string {
  const rows = allKeys
    .filter((candidate) => candidate.type === type && !Object.hasOwn(commonKeys, candidate.key))
    .map(({ key, required, since }) => {
      const text = types[type]?.keys[key];
      if (text === undefined)
        throw new Error(`docs/generate/texts.ts has no text for ${type}: ${key}`);
      return [code(key), required ? 'required' : '', since, text];
    });
  return `${purposeOf(type)}\n\n${table(['key', '', 'since tbot', 'meaning'], rows)}`;
}

function purposeOf(type: string): string {
  const { purpose = '' } = types[type] ?? {};
  const since = firstReleases(
    Object.entries(typeAvailability).find(([name]) => name === type)?.[1],
  );
  const cluster = Object.hasOwn(clusterTypeAvailability, type) ? ' and a cluster' : '';
  return since === '' ? purpose : `${purpose} Requires tbot${cluster} ${since} or newer.`;
}

interface File {
  readonly role: string;
  readonly file: string;
  readonly type: string;
}

function fileTable(): string {
  const files = Object.entries<Fields>(serviceTypes).flatMap(([type, fields]) =>
    variantsOf(type, fields).flatMap((service) =>
      Object.entries(filesOf(service)).map(([role, file]): File => ({ role, file, type })),
    ),
  );
  const rows = [...new Set(files.map(({ role }) => role))].map((role) => {
    const those = files.filter((candidate) => candidate.role === role);
    const text = roles[role];
    if (text === undefined)
      throw new Error(`docs/generate/texts.ts has no text for the role ${role}`);
    return [code(role), unique(those, 'file'), unique(those, 'type'), text];
  });
  return table(['role', 'file', 'types', 'content'], rows);
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
