import {
  keyAvailability,
  methodAvailability,
  typeAvailability,
  weekLong,
} from '../../src/tbot/versions/known.ts';
import type { Availability } from '../../src/versions/releases.ts';
import { code, type Regions, table } from './markdown.ts';
import { majors, supportIn } from './releases.ts';
import { howKnown } from './texts.ts';

/** Returns the tables of docs/support.md. */
export function supportTables(): Regions {
  return {
    'support of types': supportTable('type', typeAvailability),
    'support of keys': supportTable('key', keyAvailability),
    'support of methods': supportTable('method', methodAvailability),
    'support of lifetimes': supportTable('lifetime', { '168h instead of 24h': weekLong }),
  };
}

function supportTable(
  kind: Parameters<typeof howKnown>[0],
  availabilities: Readonly<Record<string, Availability>>,
): string {
  const rows = Object.entries(availabilities).map(([name, availability]) => [
    kind === 'lifetime' ? name : code(name),
    ...majors.map((major) => supportIn(major, availability)),
    howKnown(kind, name),
  ]);
  return table([kind === 'lifetime' ? 'longest lifetime' : kind, ...majors, 'how known'], rows);
}
