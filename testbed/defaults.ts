import type { Bot, JoinToken, Resources } from './teleport/resources.ts';

/** `ci` has roles, `locked` is locked, `no-roles` is the bot of Teleport's Azure guide. */
export const defaultBots: Readonly<Record<string, Bot>> = {
  ci: { roles: ['access', 'editor'], logins: ['root', 'ubuntu'] },
  locked: { roles: ['access'], logins: ['root'], locked: true },
  'no-roles': { roles: [], logins: [] },
};

const rule = { repository: 'acme/web', ref: 'refs/heads/main' };
const subscription = '11111111-1111-1111-1111-111111111111';

/** Only `ci-github` and `ci-azure` issue credentials to the default job and machine. */
export const defaultTokens: Readonly<Record<string, JoinToken>> = {
  'ci-github': { bot: 'ci', joinMethod: 'github', allow: [rule] },
  'other-repo': { bot: 'ci', joinMethod: 'github', allow: [{ repository: 'acme/other' }] },
  'node-only': { bot: 'ci', roles: ['Node'], joinMethod: 'github', allow: [rule] },
  'locked-bot': { bot: 'locked', joinMethod: 'github', allow: [rule] },
  'no-roles': { bot: 'no-roles', joinMethod: 'github', allow: [rule] },
  'ci-azure': {
    bot: 'ci',
    joinMethod: 'azure',
    allow: [{ subscription, resource_groups: ['group1'] }],
  },
};

/** The resources of the cluster. Two workload identities share the label `env: ci`. */
export const defaultResources: Resources = {
  apps: { hello: {}, api: { publicAddress: 'api.example.org' } },
  databases: {
    pg: { protocol: 'postgres' },
    mongo: { protocol: 'mongodb' },
    crdb: { protocol: 'cockroachdb' },
  },
  kubernetesClusters: {
    prod: { labels: { env: 'prod', region: 'eu' } },
    staging: { labels: { env: 'staging', region: 'eu' } },
  },
  workloadIdentities: {
    deploy: { path: '/ci/deploy', labels: { env: 'ci', task: 'deploy' } },
    build: { path: '/ci/build', labels: { env: 'ci', task: 'build' }, dnsNames: ['build.test'] },
  },
  nodes: ['node-1'],
};
