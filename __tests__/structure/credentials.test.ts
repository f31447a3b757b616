import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { filesOf } from '../../src/services/verify/files.ts';
import { keyAvailability } from '../../src/tbot/versions/known.ts';
import type { Availability } from '../../src/versions/releases.ts';
import { named } from '../../src/services/names.ts';
import { readServices } from '../../src/services/read.ts';
import type { Service } from '../../src/services/service.ts';
import { requestsFor } from '../../src/services/shorthands.ts';
import { longRunningTypes, refusedTypes, serviceTypes } from '../../src/services/types.ts';
import type { Field, Fields } from '../../src/yaml/fields.ts';
import { codesIn, tableBelow } from './tables.ts';
import { text } from './tree.ts';

const path = 'docs/credentials.md';
const types = Object.entries<Fields>(serviceTypes);

/** A key as the document has it: of a mapping within, `selector.name`. */
interface Key {
  readonly key: string;
  readonly required: boolean;
  readonly since: string;
}

function keysOf(fields: Fields, within = '', older = ''): readonly Key[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const key = within + name;
    const since = Object.hasOwn(keyAvailability, name) ? told(keyAvailability[name]) : older;
    const inner = 'fields' in field ? keysOf(field.fields, `${key}.`, since) : [];
    return [{ key, required: field.required ?? false, since }, ...inner];
  });
}

/** The first releases of the majors that there is still support for. */
function told(known: Availability | undefined): string {
  if (known?.gone !== undefined) return `before ${known.gone}`;
  return (known?.since ?? []).filter((version) => Number.parseInt(version, 10) >= 15).join(', ');
}

const common = tableBelow(path, '### Keys of several types').rows;

function documented(type: string): readonly Key[] {
  const own = tableBelow(path, `### \`${type}\``).rows.map(({ key, since = '', ...row }) => ({
    key: codesIn(key).join(),
    required: row['needed'] === 'needed',
    since,
  }));
  const shared = common
    .filter((row) => codesIn(row['types']).includes(type))
    .map(({ key, since = '' }) => ({ key: codesIn(key).join(), required: false, since }));
  return [...own, ...shared];
}

function byKey(one: Key, other: Key): number {
  return one.key < other.key ? -1 : 1;
}

describe('docs/credentials.md', () => {
  it.each(types)('has every key of %s, and no other', (type, fields) => {
    expect(documented(type).toSorted(byKey)).toEqual(keysOf(fields).toSorted(byKey));
  });

  it('has every type, and no other', () => {
    const headings = [...text(path).matchAll(/^### `(.+)`$/gm)].map(([, type]) => type);
    expect(headings).toEqual(types.map(([type]) => type));
    const among = common.flatMap((row) => codesIn(row['types']));
    expect(among.filter((type) => !Object.hasOwn(serviceTypes, type))).toEqual([]);
  });

  it('names every type that is refused, and no other', () => {
    const { rows } = tableBelow(path, '### What is refused');
    const refusals = rows
      .flatMap(({ refused }) => codesIn(refused))
      .filter((what) => /^[a-z]/.test(what));
    const expected = ['destination', ...longRunningTypes, ...Object.keys(refusedTypes)];
    expect(refusals.toSorted()).toEqual(expected.toSorted());
  });

  it('tells true names', () => {
    const { rows } = tableBelow(path, '## Names');
    expect(rows.length).toBeGreaterThan(8);
    for (const { 'asked for': asked = '', name } of rows)
      expect([asked, namesFor(codesIn(asked)[0])]).toEqual([asked, codesIn(name)]);
  });

  it('has every file of every type by its role, and no other', () => {
    const files = types.flatMap(([type, fields]) =>
      variantsOf(type, fields).flatMap((service) =>
        Object.entries(filesOf(service)).map(([role, file]) => [role, file, type] as const),
      ),
    );
    const expected = [...new Set(files.map(([role]) => role))].map((role) => {
      const those = files.filter(([other]) => other === role);
      return {
        role,
        files: sorted(those.map(([, file]) => file)),
        types: sorted(those.map(([, , type]) => type)),
      };
    });
    const { rows } = tableBelow(path, '## Files by role');
    const found = rows.map((row) => ({
      role: codesIn(row['role']).join(),
      files: sorted(codesIn(row['file'])),
      types: sorted(codesIn(row['of types'])),
    }));
    expect(found.toSorted(byRole)).toEqual(expected.toSorted(byRole));
  });
});

function byRole(one: { readonly role: string }, other: { readonly role: string }): number {
  return one.role < other.role ? -1 : 1;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}

const endpoint = { type: 'kubernetes/v2', selfContained: true } as const;

/** The names of what an entry of `services`, an input or nothing at all asks for. */
function namesFor(asked: string | undefined): readonly string[] {
  const given = { proxy: 'example.teleport.sh', token: 'example-bot' };
  const services = asked?.startsWith('{') ? { services: `[${asked}]` } : undefined;
  const [, input = '', value = ''] = /^([a-z-]+): (.*)$/.exec(asked ?? '') ?? [];
  const further = services ?? (input === '' ? {} : { [input]: value });
  const { inputs } = readInputs({ ...given, ...further }, yaml);
  return named(requestsFor(inputs, endpoint)).map(({ name }) => name);
}

/** A service of a type, and one for each word of its choices and each of its switches. */
function variantsOf(type: string, fields: Fields): readonly Service[] {
  const required = Object.entries(fields)
    .filter(([, field]) => field.required)
    .map(([key, field]) => [key, exampleOf(field)]);
  const base: object = Object.fromEntries([['type', type], ...required]);
  const options = Object.entries(fields).flatMap(([key, field]) =>
    wordsOf(field).map((word) => ({ [key]: word })),
  );
  return [{}, ...options].flatMap((option) =>
    readServices(JSON.stringify([{ ...base, ...option }]), yaml).map(({ service }) => service),
  );
}

function wordsOf(field: Field): readonly unknown[] {
  if (field.kind === 'choice') return field.words;
  return field.kind === 'boolean' ? [true] : [];
}

function exampleOf({ kind }: Field): unknown {
  if (kind === 'texts') return ['a'];
  if (kind === 'map') return { name: 'a' };
  return kind === 'maps' ? [{ name: 'a' }] : 'arn:aws:iam::1:role/a';
}
