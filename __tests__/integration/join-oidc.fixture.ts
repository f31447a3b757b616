import type { JoinMethod } from '../../src/methods/index.ts';
import type { AzureDevops } from '../../testbed/azure-devops.ts';
import type { OidcIssuer } from '../../testbed/oidc-issuer.ts';
import type { JoinToken } from '../../testbed/teleport/resources.ts';

export interface Issuers {
  readonly oidc: OidcIssuer;
  readonly azureDevops: AzureDevops;
}

/** The OIDC token of a job, or what differs from the usual one. */
export interface Job {
  readonly issuer?: string;
  readonly audience?: string;
  readonly claims?: Readonly<Record<string, string>>;
}

/** A join method whose OIDC tokens a CI system issues. */
export interface System {
  readonly method: JoinMethod;
  readonly onboarding?: string;
  /** Returns the variables of a job. */
  readonly env: (issuers: Issuers, job: Job) => Promise<Readonly<Record<string, string>>>;
  /** Returns a join token with these rules. */
  readonly token: (issuers: Issuers, rules: readonly object[]) => JoinToken;
  /** A rule that does not match the job. */
  readonly other: object;
  /** The rule for the job. */
  readonly rule: object;
  /** Claims of a job that could run unreviewed code. */
  readonly unreviewed: Readonly<Record<string, string>>;
  /** A claim in the message. */
  readonly shown: string;
}

const organization = '22222222-2222-2222-2222-222222222222';
const project = '55555555-5555-5555-5555-555555555555';
const context = '66666666-6666-6666-6666-666666666666';
const circleci = (name: string): string => `oidc.circleci.com/${name}`;
// The rules come from messages, so their types are not known.
const tokenOf = (token: object): JoinToken => JSON.parse(JSON.stringify({ bot: 'ci', ...token }));

const gitlab: System = {
  method: 'gitlab',
  onboarding: 'gitlab: { token_env_var_name: JOB_TOKEN }',
  env: async ({ oidc }, { issuer = 'gitlab.com', audience = 'rig.example.com', claims }) => ({
    JOB_TOKEN: await oidc.sign(
      {
        sub: 'project_path:acme/web:ref_type:branch:ref:main',
        project_path: 'acme/web',
        namespace_path: 'acme',
        ref: 'main',
        ref_type: 'branch',
        ref_protected: 'true',
        pipeline_source: 'push',
        user_login: 'octocat',
        user_email: 'octocat@example.com',
        ...claims,
      },
      { issuer: `${oidc.url}/${issuer}`, audience },
    ),
  }),
  token: (_, allow) => tokenOf({ joinMethod: 'gitlab', allow }),
  other: { project_path: 'acme/other' },
  rule: { project_path: 'acme/web', ref: 'main', ref_type: 'branch', pipeline_source: 'push' },
  unreviewed: { pipeline_source: 'merge_request_event' },
  shown: 'project_path: "acme/web"',
};

const circleCi: System = {
  method: 'circleci',
  env: async ({ oidc }, { issuer = organization, audience = organization, claims }) => ({
    CIRCLE_OIDC_TOKEN: await oidc.sign(
      {
        sub: `org/${organization}/project/${project}/user/${context}`,
        [circleci('project-id')]: project,
        [circleci('context-ids')]: [context, organization],
        [circleci('vcs-ref')]: 'refs/heads/main',
        ...claims,
      },
      { issuer: `${oidc.url}/org/${issuer}`, audience },
    ),
  }),
  token: (_, allow) => tokenOf({ joinMethod: 'circleci', organizationId: organization, allow }),
  other: { project_id: project, context_id: project },
  rule: { project_id: project, context_id: context },
  unreviewed: { [circleci('vcs-ref')]: 'refs/heads/pull/7' },
  shown: `oidc.circleci.com/context-ids: "${context},${organization}"`,
};

const azurePipelines: System = {
  method: 'azure_devops',
  env: async ({ azureDevops }, { issuer = organization, audience, claims }) => {
    const usual = { org_id: issuer, rpo_ref: 'refs/heads/main' };
    Object.assign(azureDevops.claims, usual, { aud: audience }, claims);
    return azureDevops.environment;
  },
  token: (_, allow) => tokenOf({ joinMethod: 'azure_devops', organizationId: organization, allow }),
  other: { project_name: 'shop', pipeline_name: 'test' },
  rule: {
    project_name: 'shop',
    pipeline_name: 'deploy',
    definition_id: '7',
    repository_ref: 'refs/heads/main',
  },
  unreviewed: { rpo_ref: 'refs/pull/7/merge' },
  shown: 'sub: "p://acme/shop/deploy"',
};

const genericOidc: System = {
  method: 'generic_oidc',
  onboarding: 'generic_oidc: { env: JOB_TOKEN }',
  env: async ({ oidc }, { issuer = 'ci', audience = 'rig.example.com/ci', claims }) => ({
    JOB_TOKEN: await oidc.sign(
      {
        sub: 'repo:acme/web:ref:refs/heads/main',
        ref: 'refs/heads/main',
        machine: { zone: 'eu-1', cores: 4 },
        email: 'octocat@example.com',
        ...claims,
      },
      { issuer: `${oidc.url}/${issuer}`, audience },
    ),
  }),
  token: ({ oidc }, rules) =>
    tokenOf({
      joinMethod: 'generic_oidc',
      issuer: `${oidc.url}/ci`,
      audience: 'rig.example.com/ci',
      allow_any: rules,
    }),
  other: { conditions: [{ attribute: 'machine.zone', eq: { value: 'us-1' } }] },
  rule: {
    conditions: [
      { attribute: 'sub', eq: { value: 'repo:acme/web:ref:refs/heads/main' } },
      { attribute: 'ref', eq: { value: 'refs/heads/main' } },
    ],
  },
  unreviewed: { ref: 'refs/pull/7/head' },
  shown: 'machine.cores: "4"',
};

export const systems: readonly System[] = [gitlab, circleCi, azurePipelines, genericOidc];
