import type { Environment, JobFacts } from '../ci/port.ts';
import { Problem } from '../problem.ts';
import { always } from '../versions/releases.ts';
import { yamlScalar } from '../yaml/scalar.ts';
import type { Evidence } from './evidence.ts';
import { allowEntry, claimNames } from './github-allow.ts';
import type { FailureKind, Method } from './method.ts';

/** The runner sets both variables if the job has `permissions: id-token: write`, otherwise neither. */
const variables = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const;

/** Joins with the OIDC token of the GitHub Actions job. */
export const github: Method = {
  since: always,
  automatic: true,
  identifiedBy: 'claims',
  ruleSubject: "this job's repository, ref, workflow and environment",
  // The runner masks the request token itself.
  variables: () => ({ required: variables, optional: [], secret: [] }),
  problemWithout: noIdToken,
  staticKeys: true,
  claims: { names: claimNames, allowEntry },
  needsEvidence: ({ code, page }: FailureKind) =>
    code === 'tbot'
      ? page
      : code === 'claims-denied' || code === 'token-unknown' || code === 'id-token-refused',
  tokenRules: (evidence, { enterpriseServer: server }) => [
    ...(server === undefined ? [] : [`enterprise_server_host: ${yamlScalar(server)}`]),
    'allow:',
    ...ruleLines(evidence).map((line) => `  ${line}`),
  ],
  issuerFix: (edit, { enterpriseServer }) =>
    enterpriseServer
      ? `Run ${edit} and set \`spec.github.enterprise_server_host\` to \`${enterpriseServer}\` (requires Teleport Enterprise).`
      : `Run ${edit} and remove \`enterprise_server_host\` from \`spec.github\`, or correct \`enterprise_slug\`.`,
  licenseFix: (edit, { enterpriseServer }) =>
    enterpriseServer === undefined
      ? `For jobs on github.com, run ${edit} and remove \`enterprise_server_host\` and \`enterprise_slug\`.`
      : '',
};

/** Whether the job can request an OIDC token. */
export function hasIdTokenEndpoint(env: Environment): boolean {
  return variables.every((name) => Boolean(env[name]));
}

export const idTokenPermissions = 'permissions:\n  id-token: write\n  contents: read';

/** The fix for a job without these permissions, after `Add` or `add`. */
export const permissionsToAdd =
  'the permissions below to the job. If it belongs to a reusable workflow, add them to the calling job as well.';

/** The fix for pull requests from forks, which never get an OIDC token. */
export const onlyOwnPullRequests =
  'Run this job only for branches of this repository (`if: github.event.pull_request.head.repo.full_name == github.repository`), or on `push`. Do not move it to `pull_request_target`.';

/** Returns the Problem of a job that cannot request the OIDC token it must join with. */
export function noIdToken(job: JobFacts): Problem {
  if (job.fromFork)
    return new Problem({
      code: 'no-id-token',
      what: 'GitHub does not issue OIDC tokens to pull requests from forks, so this job cannot join with `github`.',
      fix: onlyOwnPullRequests,
    });
  return new Problem({
    code: 'no-id-token',
    what: 'This job cannot request an OIDC token: it lacks the permission `id-token: write`.',
    fix: `Add ${permissionsToAdd}`,
    notes:
      job.eventName === 'pull_request'
        ? ['Pull requests from forks never get an OIDC token, regardless of permissions.']
        : [],
    paste: idTokenPermissions,
  });
}

/** Returns the allow entry for this job, or placeholders in capitals, which match nothing. */
function ruleLines({ idToken }: Evidence): readonly string[] {
  const claims = idToken?.kind === 'claims' ? idToken.claims : {};
  const entry = allowEntry(claims);
  if (entry.kind === 'entry') return entry.lines;
  const { repository } = claims;
  const known = repository !== undefined && !/[*?]/.test(repository);
  return [
    `- repository: ${known ? yamlScalar(repository) : 'OWNER/REPOSITORY'}`,
    '  ref: refs/heads/BRANCH',
  ];
}
