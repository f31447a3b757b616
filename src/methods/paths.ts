import { resolve } from 'node:path';
import type { Onboarding } from './onboarding.ts';

/** Parameters with their paths as seen from a folder: tbot runs in another one, its own. */
export function withPathsFrom(base: string, onboarding: Onboarding): Onboarding {
  const { bound_keypair: keypair, kubernetes, generic_oidc: oidc } = onboarding;
  const { registration_secret_path: secret, static_private_key_path: key } = keypair ?? {};
  const { token_path: token } = kubernetes ?? {};
  const [program = '', ...args] = oidc?.command ?? [];
  const secretPath = secret && { registration_secret_path: resolve(base, secret) };
  const keyPath = key && { static_private_key_path: resolve(base, key) };
  // A bare name is looked for on PATH, and an own program by its path.
  const command = /[/\\]/.test(program) && { command: [resolve(base, program), ...args] };
  return {
    ...onboarding,
    ...(keypair && { bound_keypair: { ...keypair, ...secretPath, ...keyPath } }),
    ...(token && { kubernetes: { token_path: resolve(base, token) } }),
    ...(oidc && { generic_oidc: { ...oidc, ...command } }),
  };
}
