import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { readOnboarding } from '../../src/methods/onboarding.ts';
import { readTable } from '../../src/inputs/read-table.ts';
import { scrubTable } from '../../src/scrub.ts';
import { named } from '../../src/services/names.ts';
import { readServices } from '../../src/services/read.ts';
import { descriptorOf } from '../../src/services/index.ts';
import { credentialNames } from '../../src/services/requests.ts';
import { newestKubernetes, requestsFor } from '../../src/services/shorthands.ts';
import { readBySetup } from '../setup.ts';
import { fencesOf, mappingsIn, type Step, stepOf, stepsIn, valuesOf } from './fences.ts';
import { files } from './tree.ts';

const documents = files(
  /^(README\.md|CONTRIBUTING\.md|docs\/.*\.md|(?:examples|workflow-templates)\/.*\.(?:yml|md))$/,
);
const fences = documents.flatMap((path) =>
  fencesOf(path).map((body, index) => [`${path} #${index + 1}`, body] as const),
);

/** Returns the values of an input, in any step or `with:`, with their place. */
function textsOf(name: string): readonly (readonly [string, string])[] {
  return fences.flatMap(([place, body]) =>
    mappingsIn(valuesOf(body)).flatMap((mapping) => {
      const value = mapping.get(name);
      return typeof value === 'string' ? [[place, value] as const] : [];
    }),
  );
}

describe('YAML within YAML', () => {
  it.each(textsOf('services'))('`services` of %s is valid', (_, text) => {
    expect(readServices(text, yaml)).toBeInstanceOf(Array);
  });

  it.each(textsOf('onboarding'))('`onboarding` of %s is valid', (_, text) => {
    expect(Object.keys(readOnboarding(text, yaml))).not.toEqual([]);
  });
});

const setups = fences.flatMap(([place, body]) =>
  stepsIn(valuesOf(body), '/setup').map((step) => [place, step] as const),
);

describe('steps that only install', () => {
  it.each(setups)('%s sets only inputs of ./setup', async (_, { inputs }) => {
    const recording = await readBySetup(inputs);
    expect(recording.of('warning')).toEqual([]);
    expect(recording.of('fail').map(([title]) => title)).toEqual(['machine-id-action: platform']);
  });
});

const scrubs = fences.flatMap(([place, body]) =>
  stepsIn(valuesOf(body), '/scrub').map((step) => [place, step] as const),
);

describe('steps that clean up early', () => {
  it.each(scrubs)('%s sets only inputs of ./scrub', (_, { inputs }) => {
    expect(readTable(scrubTable, () => [], inputs).warnings).toEqual([]);
  });
});

const bare = fences.flatMap(([place, body]) =>
  valuesOf(body).flatMap((value) => {
    const keys = Object.keys(Object(value));
    return keys.length === 1 && keys[0] === 'with' ? [[place, stepOf(value)] as const] : [];
  }),
);

describe('a `with:` without a step', () => {
  it('exists', () => {
    expect(bare.length).toBeGreaterThan(1);
  });

  it.each(bare)('%s sets only inputs of this action', (_, { inputs }) => {
    const { warnings, notices } = readInputs(inputs, yaml);
    expect([...warnings, ...notices]).toEqual([]);
  });
});

/** `fromJSON(steps.ID.outputs.credentials).NAME.files.ROLE`, or `.NAME.dir`. */
const path = /fromJSON\(steps\.([\w-]+)\.outputs\.credentials\)\.([\w-]+)\.([\w.-]+)/g;
const users = fences.filter(([, body]) => body.search(path) >= 0);

describe('paths in the output `credentials`', () => {
  it('exist', () => {
    expect(users.length).toBeGreaterThan(4);
  });

  it.each(users)('%s uses paths that the step publishes', (_, body) => {
    const steps = stepsIn(valuesOf(body));
    for (const [, id, name, rest] of body.matchAll(path)) {
      const step = steps.find((candidate) => candidate.id === id);
      expect(pathsOf(step)).toContain(`${name}.${rest}`);
    }
  });
});

/** Returns the paths in the output `credentials` of a step. */
function pathsOf(step: Step | undefined): readonly string[] {
  const { inputs } = readInputs({ ...step?.inputs }, yaml);
  return named(requestsFor(inputs, newestKubernetes)).flatMap((one) => {
    const { service } = one.request;
    const descriptor = descriptorOf(service.type);
    const { essential, optional, sockets } = descriptor.files(service);
    const address = ['tcp', 'unix'].includes(descriptor.serves?.at ?? '');
    return credentialNames(one).flatMap((name) => [
      `${name}.dir`,
      ...(address ? [`${name}.uri`, `${name}.port`] : []),
      ...Object.keys({ ...essential, ...optional, ...sockets }).map(
        (role) => `${name}.files.${role}`,
      ),
    ]);
  });
}
