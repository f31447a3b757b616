import { always } from '../versions/releases.ts';
import type { ValuesOf } from '../yaml/fields.ts';
import { type Method, needsClaims, requires, variableConflict } from './method.ts';

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
  needsEvidence: needsClaims,
  issuerFix: (edit) =>
    `Run ${edit} and set \`domain\` in \`spec.gitlab\` to the host name of the GitLab instance, or remove it for gitlab.com.`,
};
