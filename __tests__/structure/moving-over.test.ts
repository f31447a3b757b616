import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { fencesOf, mappingsIn, stepOf, stepsIn, valuesOf } from './fences.ts';

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
