import { describe, expect, it } from 'vitest';
import { type OtherMethod, methodVariables } from '../../src/methods/methods.ts';
import { tbotEnvironment } from '../../src/tbot/environment.ts';
import { joinMethods } from '../../src/methods/methods.ts';
import { methodAvailability } from '../../src/tbot/versions/known.ts';
import { onboardingFields, onboardingKeys } from '../../src/methods/onboarding.ts';
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
    const expected = joinMethods.map((method) => [method, told(methodAvailability[method])]);
    expect(methods.map(({ method, since }) => [method, since])).toEqual(expected);
  });

  it.each(methods)('names the variables of $method that tbot is given', ({ method, variables }) => {
    if (method === 'github') expect(variables).toEqual(givenTo('github', variables));
    else if (method === 'azure') expect(variables).toEqual([]);
    else {
      const { required, optional } = methodVariables(other(method), {});
      // The long list has a section of its own.
      const own = method === 'iam' ? sectionOf('## iam') : variables;
      expect(own).toEqual([...required, ...optional]);
    }
  });

  it('has every parameter by its method, and no other', () => {
    const expected = Object.entries(onboardingFields).flatMap(([part, { fields }]) =>
      Object.keys(fields).map((key) => `${part}.${key} of ${methodOf(part)}`),
    );
    const found = tableBelow(path, '## Parameters: `onboarding`').rows.map(
      (row) => `${codesIn(row['key']).join()} of ${codesIn(row['for']).join()}`,
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

/** The first releases of the majors that there is still support for. */
function told({ since }: Availability): string {
  const versions = since.filter((version) => Number.parseInt(version, 10) >= 15);
  return versions.length === 0 ? 'all' : versions.join(', ');
}

function givenTo(method: 'github', names: readonly string[]): readonly string[] {
  const env = Object.fromEntries([...names, 'OTHER_TOKEN'].map((name) => [name, 'x']));
  const identity = { method } as const;
  const endpoint = { kind: 'proxy' } as const;
  const telemetry = { anonymousTelemetry: false, caBundle: undefined };
  const given = tbotEnvironment({ env, identity, endpoint, ...telemetry });
  return Object.keys(given).filter((name) => name in env);
}

function other(method: string): OtherMethod {
  const found = joinMethods.find((name) => name === method);
  if (found === undefined || found === 'github' || found === 'azure')
    throw new Error(`${method} is none of the others`);
  return found;
}

function methodOf(part: string): string | undefined {
  return Object.entries(onboardingKeys).find(([key]) => key === part)?.[1];
}

/** All variables that a section names. */
function sectionOf(heading: string): readonly string[] {
  const [, section = ''] = text(path).split(`\n${heading}\n`);
  return codesIn(section.split('\n## ', 1).join()).filter((name) => /^[A-Z\d]+_/.test(name));
}
