import { describe, expect, it } from 'vitest';
import { fencesOf } from './fences.ts';

const fences = fencesOf('docs/moving-over.md');
const theirs = /uses: teleport-actions\/([\w-]+)@v\d+/g;

function moved(fence: string): string {
  return fence.replaceAll(theirs, (_, name: string) =>
    name === 'setup' ? 'uses: org/machine-id-action/setup@v1' : 'uses: org/machine-id-action@v1',
  );
}

const before = [...fences.entries()].filter(([, fence]) => fence.search(theirs) >= 0);

describe('docs/moving-over.md', () => {
  it('covers each of their actions that has a replacement', () => {
    const actions = before.flatMap(([, fence]) =>
      [...fence.matchAll(theirs)].map(([, action]) => action),
    );
    expect(actions).toEqual(['auth', 'auth-k8s', 'auth-application', 'setup']);
  });

  it.each(before)('changes nothing but `uses:` in fence %i', (index, fence) => {
    expect(fences[index + 1]).toBe(moved(fence));
    expect(moved(fence)).not.toBe(fence);
  });
});
