import { describe, expect, it } from 'vitest';
import {
  keyAvailability,
  methodAvailability,
  typeAvailability,
  weekLong,
} from '../../src/tbot/versions/known.ts';
import type { Availability } from '../../src/versions/releases.ts';
import { codesIn, tableBelow } from './tables.ts';

const path = 'docs/support.md';
const majors = ['15', '16', '17', '18', '19'];

/** What a cell says of a major version: all of it, from a release on, or nothing of it. */
function told(major: string, { since, gone }: Availability): string {
  if (gone !== undefined && Number(major) >= Number.parseInt(gone, 10)) return 'no';
  const own = since.find((version) => version.startsWith(`${major}.`));
  if (own !== undefined) return own.endsWith('.0.0') ? 'yes' : own;
  return since.every((version) => Number.parseInt(version, 10) < Number(major)) ? 'yes' : 'no';
}

const tables: readonly (readonly [string, string, Readonly<Record<string, Availability>>])[] = [
  ['## Types of services', 'type', typeAvailability],
  ['## Keys of services', 'key', keyAvailability],
  ['## Join methods', 'method', methodAvailability],
  ['## Lifetimes', 'longest lifetime', { '168h instead of 24h': weekLong }],
];

describe.each(tables)('docs/support.md: %s', (heading, column, known) => {
  const { head, rows } = tableBelow(path, heading);
  const nameIn = (row: Readonly<Record<string, string>>) => (row[column] ?? '').replaceAll('`', '');

  it('is what src/tbot/versions/known.ts says', () => {
    expect(head).toEqual([column, ...majors, 'how known']);
    const expected = Object.entries(known).map(([name, releases]) =>
      [name, ...majors.map((major) => told(major, releases))].join(' | '),
    );
    const found = rows.map((row) =>
      [nameIn(row), ...majors.map((major) => row[major])].join(' | '),
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

describe('docs/support.md', () => {
  it('lets a tbot into clusters of its major version and of the next', () => {
    const { rows } = tableBelow(path, '## tbot and cluster');
    expect(rows.map((row) => row['tbot'])).toEqual(majors);
    for (const row of rows) {
      const clusters = [row['tbot'] ?? '', String(Number(row['tbot']) + 1)];
      const there = clusters.filter((major) => majors.includes(major));
      expect(row['joins clusters']).toBe(there.join(', '));
    }
  });

  it('has code marks around what users write', () => {
    for (const [heading, column, known] of tables.slice(0, 3)) {
      const names = tableBelow(path, heading).rows.flatMap((row) => codesIn(row[column]));
      expect(names.toSorted()).toEqual(Object.keys(known).toSorted());
    }
  });
});
