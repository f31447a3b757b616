import { expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { longRunningTypes, refusedTypes } from '../../src/services/index.ts';
import { named } from '../../src/services/names.ts';
import { credentialNames } from '../../src/services/requests.ts';
import { newestKubernetes, requestsFor } from '../../src/services/shorthands.ts';
import { codesIn, tableBelow } from './tables.ts';

const path = 'docs/credentials.md';

it('docs/credentials.md lists the rejected types', () => {
  const { rows } = tableBelow(path, '### What is refused');
  const listed = rows.flatMap(({ refused }) => codesIn(refused));
  const types = listed.filter((name) => /^[a-z]/.test(name) && name !== 'destination');
  expect(types.toSorted()).toEqual([...longRunningTypes, ...Object.keys(refusedTypes)].toSorted());
});

it('docs/credentials.md shows the default names of credentials', () => {
  const { rows } = tableBelow(path, '## Names');
  expect(rows.length).toBeGreaterThan(8);
  for (const { request = '', name } of rows)
    expect([request, namesFor(codesIn(request)[0])]).toEqual([request, codesIn(name)]);
});

/** Returns the names for an entry of `services`, for an input, or for no request at all. */
function namesFor(request: string | undefined): readonly string[] {
  const given = { proxy: 'example.teleport.sh', token: 'example-bot' };
  const services = request?.startsWith('{') ? { services: `[${request}]` } : undefined;
  const [, input = '', value = ''] = /^([a-z-]+): (.*)$/.exec(request ?? '') ?? [];
  const further = services ?? (input === '' ? {} : { [input]: value });
  const { inputs } = readInputs({ ...given, ...further }, yaml);
  return named(requestsFor(inputs, newestKubernetes)).flatMap(credentialNames);
}
