import type { UsesStep } from '../../testbed/runner/plan.ts';
import { readAction } from '../../testbed/runner/runner.ts';

const repository = new URL('../..', import.meta.url).pathname;
const idle = new URL('idle.ts', import.meta.url).pathname;

/** The option of Node that preloads the probe. */
export const probe = `--import=${new URL('probe.ts', import.meta.url).href}`;

/** The environment of a step that is watched by the probe, which the cache makes faster to load. */
export const watched = {
  NODE_OPTIONS: probe,
  NODE_COMPILE_CACHE: `${repository}node_modules/.cache/stress`,
};

/** The action as it is committed in dist. */
export type Step = Pick<UsesStep, 'main' | 'declared'> & { readonly post: string };

/** Reads the action; `idlePost` replaces its post step by one that does nothing. */
export async function readStep(idlePost = false): Promise<Step> {
  const { main, post = '', inputs } = await readAction(repository);
  return { main, post: idlePost ? idle : post, declared: inputs };
}
