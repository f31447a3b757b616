import { joinMethods, methodOf } from '../../src/methods/index.ts';
import { serviceTypes } from '../../src/services/index.ts';
import { weekLong } from '../../src/services/lifetime.ts';
import { type Availability, orNewer } from '../../src/versions/releases.ts';
import type { Fields } from '../../src/yaml/fields.ts';
import { code, type Regions, table } from './markdown.ts';
import { majors, supportIn } from './releases.ts';
import { howKnown } from './texts.ts';

type Availabilities = readonly (readonly [name: string, availability: Availability])[];

/** Returns the tables of docs/support.md. */
export function supportTables(): Regions {
  const types = serviceTypes.map(({ type, since }) => [type, since] as const);
  const methods = joinMethods.map((method) => [method, methodOf(method).since] as const);
  return {
    'support of types': supportTable('type', types),
    'support of keys': supportTable('key', keySupport()),
    'support of methods': supportTable('method', methods),
    'support of lifetimes': supportTable('lifetime', [['168h instead of 24h', weekLong]]),
  };
}

/** Returns one entry for each key and first release, with the type if a key has several. */
function keySupport(): Availabilities {
  const all = serviceTypes.flatMap(({ type, fields }) =>
    keysOf(fields).map(([key, since]) => ({ type, key, since, id: `${key} ${orNewer(since)}` })),
  );
  const distinct = [...new Map(all.map((one) => [one.id, one])).values()];
  return distinct.map(({ type, key, since }) => {
    const several = distinct.filter((one) => one.key === key).length > 1;
    return [several ? `${key} (${type})` : key, since];
  });
}

/** Returns the keys that are newer than their type, also those of mappings within. */
function keysOf(fields: Fields): Availabilities {
  return Object.entries(fields).flatMap(([key, field]) => [
    ...(field.since === undefined ? [] : [[key, field.since] as const]),
    ...('fields' in field ? keysOf(field.fields) : []),
  ]);
}

function supportTable(
  kind: Parameters<typeof howKnown>[0],
  availabilities: Availabilities,
): string {
  const rows = availabilities.map(([name, availability]) => [
    kind === 'lifetime' ? name : code(name),
    ...majors.map((major) => supportIn(major, availability)),
    howKnown(kind, name),
  ]);
  return table([kind === 'lifetime' ? 'longest lifetime' : kind, ...majors, 'evidence'], rows);
}
