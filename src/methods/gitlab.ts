import { always } from '../versions/releases.ts';
import type { ValuesOf } from '../yaml/fields.ts';
import { yamlScalar } from '../yaml/scalar.ts';
import { isPattern } from './claims.ts';
import type { Evidence } from './evidence.ts';
import { gitlabClaims } from './gitlab-allow.ts';
import { type FailureKind, type Method, requires, variableConflict } from './method.ts';

const fields = { token_env_var_name: { kind: 'text' } } as const;

type GitlabParameters = ValuesOf<typeof fields>;

const defaultVariable = 'TBOT_GITLAB_JWT';

export const gitlab: Method = {
  since: always,
  identifiedBy: 'claims',
  parameters: {
    key: 'gitlab',
    fields,
    passedBy: 'variable',
    conflicts: ({ token_env_var_name: name }: GitlabParameters) => [variableConflict(name)],
  },
  variables: ({ token_env_var_name: name = defaultVariable }: GitlabParameters) => requires(name),
  // Only newer releases read `token_env_var_name` (CHANGELOG.md, 17.4.6).
  environment: ({ token_env_var_name: name = defaultVariable }: GitlabParameters, env) => {
    const token = env[name];
    return token === undefined ? {} : { [defaultVariable]: token };
  },
  staticKeys: true,
  ruleSubject: "this job's project, ref, pipeline source and environment",
  claims: gitlabClaims,
  needsEvidence: ({ code }: FailureKind) => code === 'claims-denied' || code === 'token-unknown',
  tokenRules: (evidence) => [
    ...domainLines(evidence),
    'allow:',
    ...entryLines(evidence).map((line) => `  ${line}`),
  ],
  issuerFix: (edit) =>
    `Run ${edit} and set \`domain\` in \`spec.gitlab\` to the host name of the GitLab instance, or remove it for gitlab.com.`,
};

/** Returns the allow entry for this job, or placeholders in capitals, which match nothing. */
function entryLines({ idToken }: Evidence): readonly string[] {
  const claims = idToken?.kind === 'claims' ? idToken.claims : {};
  const entry = gitlabClaims.allowEntry(claims);
  if (entry.kind === 'entry') return entry.lines;
  const { project_path: project } = claims;
  return [
    `- project_path: ${project && !isPattern(project) ? yamlScalar(project) : 'GROUP/PROJECT'}`,
    '  ref: BRANCH',
    '  ref_type: branch',
    '  pipeline_source: push',
  ];
}

/** Returns the key for the issuer, which is gitlab.com by default (lib/join/gitlab/token_validator.go). */
function domainLines({ idToken }: Evidence): readonly string[] {
  const issuer = idToken?.kind === 'claims' ? idToken.claims['iss'] : undefined;
  const domain = issuer?.replace(/^https:\/\//, '');
  return domain === undefined || domain === 'gitlab.com' ? [] : [`domain: ${yamlScalar(domain)}`];
}
