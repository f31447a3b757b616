import { Problem } from '../problem.ts';
import type { CiPort, Environment, JobFacts } from '../ci/port.ts';
import type { Onboarding } from './onboarding.ts';
import {
  hasStaticKey,
  type JoinMethod,
  keypairVariablesOf,
  missingVariables,
  type OtherMethod,
  methodVariables,
} from './methods.ts';
import { withPathsFrom } from './paths.ts';

/** How the job proves to Teleport who it is: a join method of tbot and what it needs. */
export type Identity =
  | { readonly method: 'github' }
  | {
      readonly method: 'azure';
      /** Client id of a user-assigned identity; undefined leaves the choice to the machine. */
      readonly clientId: string | undefined;
    }
  | {
      readonly method: OtherMethod;
      readonly onboarding: Onboarding;
      /** Of `bound_keypair`: the key pair outlives the join. */
      readonly staticKey?: boolean;
      /** Of `bound_keypair`: the variables that the join depends on. */
      readonly variables?: readonly string[];
    };

/** What the workflow says about it. */
export interface IdentityInputs {
  readonly joinMethod: 'auto' | JoinMethod;
  readonly azureClientId: string | undefined;
  readonly onboarding?: Onboarding | undefined;
}

/**
 * Decides by which identity to join. Nothing is probed: GitHub's hosted runners are Azure machines,
 * so an answering metadata service says nothing. Throws a Problem `no-identity` or `no-id-token`.
 */
export function chooseIdentity(
  inputs: IdentityInputs,
  ci: Pick<CiPort, 'directories' | 'env' | 'job'>,
): Identity {
  const { joinMethod, azureClientId: clientId, onboarding = {} } = inputs;
  if (joinMethod === 'azure' || (joinMethod === 'auto' && clientId !== undefined))
    return { method: 'azure', clientId };
  if (joinMethod !== 'auto' && joinMethod !== 'github')
    return otherIdentity(joinMethod, onboarding, ci);
  if (hasIdTokenEndpoint(ci.env)) return { method: 'github' };
  throw joinMethod === 'github' ? noIdToken(ci.job) : noIdentity(ci.job);
}

/** One whose proof lies in the environment, or on the machine. */
function otherIdentity(
  method: OtherMethod,
  onboarding: Onboarding,
  { directories, env }: Pick<CiPort, 'directories' | 'env'>,
): Identity {
  const missing = missingVariables(method, methodVariables(method, onboarding), env);
  if (missing.length === 0)
    return {
      method,
      onboarding: withPathsFrom(directories.workspace ?? '', onboarding),
      ...(hasStaticKey(onboarding, env) && { staticKey: true }),
      ...(method === 'bound_keypair' && { variables: keypairVariablesOf(onboarding, env) }),
    };
  const either = method === 'bound_keypair';
  throw new Problem({
    code: 'no-identity',
    what: `The join method \`${method}\` takes its proof of identity from ${missing.join(either ? ' or ' : ' and ')}, which ${missing.length > 1 && !either ? 'are' : 'is'} not set.`,
    fix: `Set ${either ? 'one of them' : missing.length > 1 ? 'them' : 'it'} in the \`env:\` of the step, or choose another \`join-method\`.`,
  });
}

/** The runner sets both variables when the job has `permissions: id-token: write`, else none. */
export function hasIdTokenEndpoint(env: Environment): boolean {
  return Boolean(env['ACTIONS_ID_TOKEN_REQUEST_URL'] && env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
}

const permissions = 'permissions:\n  id-token: write\n  contents: read';

const onlyOwnPullRequests =
  'Run this job only for branches of this repository (`if: github.event.pull_request.head.repo.full_name == github.repository`), or on `push`; do not move it to `pull_request_target`.';

/** The job was to join by GitHub's id token and can't get one. */
export function noIdToken(job: JobFacts): Problem {
  if (job.fromFork)
    return new Problem({
      code: 'no-id-token',
      what: 'GitHub gives no id token to a pull request from a fork, so this job cannot join by github.',
      fix: onlyOwnPullRequests,
    });
  return new Problem({
    code: 'no-id-token',
    what: 'The job cannot ask for an id token: it lacks the permission `id-token: write`.',
    fix: 'Add the permissions below to the job; where it belongs to a reusable workflow, the job that calls it must grant them too.',
    details: job.eventName === 'pull_request' ? [forkNote] : [],
    paste: permissions,
  });
}

const forkNote = 'A pull request from a fork never gets an id token, whatever its permissions.';

function noIdentity(job: JobFacts): Problem {
  return new Problem({
    code: 'no-identity',
    what: 'There is nothing this job could prove its identity with: no id token from GitHub and no `azure-client-id`.',
    fix: 'Give the job one of the two ways below.',
    details: [
      job.fromFork
        ? `GitHub's id token: not for a pull request from a fork. ${onlyOwnPullRequests}`
        : "GitHub's id token, on any runner: add the permissions below to the job; where it belongs to a reusable workflow, the job that calls it must grant them too.",
      'A managed identity, on a self-hosted runner on an Azure VM: give `azure-client-id` for a user-assigned identity, or `join-method: azure` for the system-assigned one.',
    ],
    ...(job.fromFork ? {} : { paste: permissions }),
  });
}
