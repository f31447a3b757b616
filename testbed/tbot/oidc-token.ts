import { azureDevopsIdToken } from './azure-devops.ts';
import type { Reach } from './exchange.ts';
import { Failure } from './failure.ts';
import { commandToken } from './generic-oidc.ts';
import type { Onboarding } from './onboarding.ts';

/** Returns the job's OIDC token for a join method. */
export async function tokenFor(
  method: 'gitlab' | 'circleci' | 'azure_devops' | 'generic_oidc',
  onboarding: Onboarding,
  reach: Reach,
): Promise<string> {
  switch (method) {
    case 'gitlab':
      return gitlabToken(onboarding, reach);
    case 'circleci':
      return circleciToken(reach);
    case 'azure_devops':
      return await azureDevopsIdToken(reach);
    case 'generic_oidc':
      return genericToken(onboarding, reach);
    default:
      return method satisfies never;
  }
}

/** Returns the OIDC token of a GitLab job. Source: lib/join/gitlab/token_source.go. */
function gitlabToken({ gitlabVariable: name }: Onboarding, { env }: Reach): string {
  return env[name] || fail(`"${name}" environment variable missing`);
}

/** Returns the OIDC token of a CircleCI job. Source: lib/join/circleci/token_source.go. */
function circleciToken({ env }: Reach): string {
  const message = "'CIRCLE_OIDC_TOKEN' must be present to use 'circleci' join method";
  return env['CIRCLE_OIDC_TOKEN'] || fail(message);
}

/** Returns the OIDC token in a variable or of a command. Source: lib/join/genericoidc/token_source.go. */
function genericToken({ oidcVariable: name, oidcCommand }: Onboarding, reach: Reach): string {
  if (name === '') return commandToken(oidcCommand, reach);
  const message = `environment variable "${name}" is missing, ensure it exists and contains a valid JWT for OIDC joining`;
  return reach.env[name] || fail(message);
}

function fail(message: string): never {
  throw new Failure(message);
}
