import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { variablesOf } from '../../src/methods/join-identity.ts';
import { isJoinMethod, type JoinMethod, joinMethods, methodOf } from '../../src/methods/index.ts';
import { onboardingFields, readOnboarding } from '../../src/methods/onboarding.ts';
import type { Availability } from '../../src/versions/releases.ts';
import { codesIn, tableBelow } from './tables.ts';
import { text } from './tree.ts';

const path = 'docs/joining.md';
const methods = tableBelow(path, '## Methods').rows.map((row) => ({
  method: codesIn(row['method']).join(),
  variables: codesIn(row['variables']).filter((name) => /^[A-Z\d]+_/.test(name)),
  since: row['tbot'],
}));

describe('docs/joining.md', () => {
  it('has every join method in the order of the input, with the tbot that knows it', () => {
    const expected = joinMethods.map((method) => [method, told(methodOf(method).since)]);
    expect(methods.map(({ method, since }) => [method, since])).toEqual(expected);
  });

  it.each(methods)('names the variables of $method that tbot is given', ({ method, variables }) => {
    const { required, optional } = variablesOf({ method: known(method) });
    // The long list has a section of its own.
    const own = method === 'iam' ? sectionOf('## iam') : variables;
    expect(own).toEqual([...required, ...optional]);
  });

  it('has every parameter by its method, and no other', () => {
    const expected = Object.entries(onboardingFields).flatMap(([part, { fields }]) =>
      Object.keys(fields).map((key) => `${part}.${key} of ${methodName(part)}`),
    );
    const found = tableBelow(path, '## Parameters: `onboarding`').rows.map(
      (row) => `${codesIn(row['key']).join()} of ${codesIn(row['for']).join()}`,
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('says what stands elsewhere, and the reader says the same', () => {
    const [, section = ''] = text(path).split('What has an input of its own is refused here:');
    const rows = [
      ...section
        .split('\n## ', 1)
        .join()
        .matchAll(/^\| `(\w+)` +\| (.+)$/gm),
    ];
    expect(rows.length).toBe(5);
    for (const [, key = '', instead] of rows) {
      const input = codesIn(instead)[0] ?? 'ca-pins';
      expect(() => readOnboarding(`${key}: x`, yaml)).toThrow(
        key === 'token' ? '`token` is an input of its own' : `\`${input}\``,
      );
    }
  });
});

/** The first releases of the majors that there is still support for. */
function told({ since }: Availability): string {
  const versions = since.filter((version) => Number.parseInt(version, 10) >= 15);
  return versions.length === 0 ? 'all' : versions.join(', ');
}

function known(method: string): JoinMethod {
  if (!isJoinMethod(method)) throw new Error(`${method} is not a join method`);
  return method;
}

function methodName(section: string): JoinMethod | undefined {
  return joinMethods.find((name) => methodOf(name).parameters?.key === section);
}

/** All variables that a section names. */
function sectionOf(heading: string): readonly string[] {
  const [, section = ''] = text(path).split(`\n${heading}\n`);
  return codesIn(section.split('\n## ', 1).join()).filter((name) => /^[A-Z\d]+_/.test(name));
}
