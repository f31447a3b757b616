import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { newestKubernetes, requestsFor } from '../../src/services/shorthands.ts';
import { configIn, fencesOf, mappingsIn, stepOf, stepsIn, valuesOf } from './fences.ts';

const fences = fencesOf('docs/moving-over.md');
const theirs = /uses: teleport-actions\/([\w-]+)@v\d+/g;

function moved(fence: string): string {
  return fence.replaceAll(theirs, (_, name: string) =>
    name === 'setup' ? 'uses: org/machine-id-action/setup@v1' : 'uses: org/machine-id-action@v1',
  );
}

const before = [...fences.entries()].filter(([, fence]) => fence.search(theirs) >= 0);
const tunnels = before.filter(([, fence]) => /actions\/[a-z]+-(?:tunnel|proxy)@/.test(fence));
const others = before.filter((entry) => !tunnels.includes(entry));

describe('docs/moving-over.md', () => {
  it('covers each of their actions that has a replacement', () => {
    const actions = before.flatMap(([, fence]) =>
      [...fence.matchAll(theirs)].map(([, action]) => action),
    );
    expect(actions).toEqual([
      'auth',
      'auth-k8s',
      'auth-application',
      'application-tunnel',
      'application-proxy',
      'database-tunnel',
      'setup',
    ]);
  });

  it.each(tunnels)('moves each input of the tunnel in fence %i', (index, fence) => {
    const step = mappingsIn(valuesOf(fence)).find((mapping) => mapping.has('with'));
    const { inputs: given } = stepOf(Object.fromEntries(step ?? []));
    const [{ inputs: now } = { inputs: {} }] = stepsIn(valuesOf(fences[index + 1] ?? ''));
    const { inputs } = readInputs(now, yaml);
    expect(inputs.mode).toBe('background');
    const [request] = inputs.services ?? [];
    expect(Object.values({ ...request?.service })).toEqual(
      expect.arrayContaining(
        Object.entries(given).flatMap(([name, value]) =>
          ['proxy', 'token'].includes(name) ? [] : [value],
        ),
      ),
    );
  });

  it.each(others)('changes nothing but `uses:` in fence %i', (index, fence) => {
    expect(fences[index + 1]).toBe(moved(fence));
    expect(moved(fence)).not.toBe(fence);
  });
});

const scripts = [...fences.entries()].filter(([, fence]) => fence.includes('tbot start'));
const configs = scripts.filter(([, fence]) => configIn(fence) !== undefined);

/** Returns the inputs of the step that replaces the script in fence `index`. */
function replacementOf(index: number): Readonly<Record<string, string>> {
  const steps = stepsIn(valuesOf(fences[index + 1] ?? ''));
  expect(steps).toHaveLength(1);
  return steps[0]?.inputs ?? {};
}

/** Returns the services that the inputs of a step request. */
function servicesOf(given: Readonly<Record<string, string>>): readonly object[] {
  const { inputs } = readInputs(given, yaml);
  return requestsFor(inputs, newestKubernetes).map(({ service }) => service);
}

describe('the replacement of hand-written steps', () => {
  it('exists', () => {
    expect([scripts.length, configs.length]).toEqual([4, 3]);
  });

  it.each(configs)('requests what the configuration in fence %i requests', (index, fence) => {
    const given = replacementOf(index);
    const config = configIn(fence);
    expect(given).toMatchObject({ proxy: config?.proxy_server, token: config?.onboarding.token });
    expect(given['certificate-ttl']).toBe(config?.credential_ttl);
    // The action chooses the path and the port.
    const chosen = new Set(['destination', 'listen']);
    const entries = [...(config?.outputs ?? []), ...(config?.services ?? [])].map((service) =>
      Object.fromEntries(Object.entries(service).filter(([key]) => !chosen.has(key))),
    );
    expect(servicesOf(given)).toEqual(servicesOf({ ...given, services: yaml.stringify(entries) }));
  });

  it.each(scripts)('runs in the background if the script in fence %i does', (index, fence) => {
    const mode = fence.includes('--oneshot') ? undefined : 'background';
    expect(replacementOf(index)['mode']).toBe(mode);
  });

  it('has the address and the join token of the flags', () => {
    const [index, fence] = scripts.find(([, body]) => body.includes('--token=')) ?? [-1, ''];
    const flag = (name: string) => new RegExp(`--${name}=(\\S+)`).exec(fence)?.[1];
    expect(replacementOf(index)).toMatchObject({
      proxy: flag('proxy-server'),
      token: flag('token'),
    });
  });
});
