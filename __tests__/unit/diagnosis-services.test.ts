import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { Problem } from '../../src/problem.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/diagnosis.ts';
import { explainLog } from './diagnosis.fixture.ts';

const context: JoinContext = {
  endpoint: { kind: 'proxy', address: 'example.teleport.sh:443' },
  cluster: 'example.teleport.sh',
  token: 'ci-github',
  identity: { method: 'github' },
  tbotVersion: '18.2.4',
  job: { ...githubActions({ GITHUB_EVENT_NAME: 'push' }).job, publicRepository: false },
};

async function explained(...log: readonly string[]): Promise<Problem> {
  return (await explainLog(log, context)).problem;
}

/** The Problem for one line of a tbot whose services request these roles. */
async function explainedFor(requestedRoles: readonly string[], line: string): Promise<Problem> {
  return (await explainLog([line], { ...context, requestedRoles })).problem;
}

function exited(type: string, name: string, error: string): string {
  const folder = `/tmp/machine-id-0011223344556677/${name}`;
  return `2026-11-21T07:17:00Z ERRO [TBOT] Service exited with error service:${type} (directory: ${folder}) error:${error} bot/bot.go`;
}

describe('a credential that cannot be issued', () => {
  it('is named by its directory, as tbot 15 formats it', async () => {
    const problem = await explained(
      'ERROR: generating impersonated certs for output: application (directory: /tmp/machine-id-0011223344556677/application-nope)',
      'app "nope" not found',
    );
    expect(problem).toMatchObject({ code: 'service-not-found' });
    expect(problem.message).toBe(
      'The bot cannot see an application named `nope` (credential `application-nope`).',
    );
    expect(problem.fix).toContain('tctl apps ls');
  });

  it('is named by its directory, as newer releases format it', async () => {
    const problem = await explained(
      'ERROR: service(database-output (directory: D:\\a\\_temp\\machine-id-0011223344556677\\db)): database "pg" not found',
    );
    expect(problem.message).toContain('(credential `db`)');
    expect(problem.fix).toContain('tctl db ls');
  });

  it.each([
    ['unable to fetch cluster "x" by name', 'a Kubernetes cluster named `x`.', 'tctl kube ls'],
    ['no X509 SVIDs returned', 'a matching workload identity.', 'tctl get workload_identity'],
    [
      'workload_identity "x" doesn\'t exist',
      'a workload identity named `x`.',
      'tctl get workload_identity',
    ],
  ])('%s', async (message, sought, command) => {
    const problem = await explained(`ERROR: ${message}`);
    expect(problem.message).toContain(sought);
    expect(problem.fix).toContain(command);
  });

  it.each([
    'multiple X509 SVIDs received: [a b]',
    '"x" matches multiple auto-discovered databases',
  ])('matches several resources: %s', async (message) => {
    const problem = await explained(`ERROR: ${message}`);
    expect(problem).toMatchObject({ code: 'service-not-found' });
    expect(problem.message).toContain('More than one');
  });

  it.each([
    'rpc error: code = Unimplemented desc = unknown service teleport.workloadidentity.v1.X',
    'service type "application" is not supported in scoped mode',
    'this feature requires Teleport Enterprise',
  ])('is not supported by the cluster: %s', async (message) => {
    const problem = await explained(`ERROR: ${message}`);
    expect(problem).toMatchObject({ code: 'unsupported' });
    expect(problem.message).toContain('example.teleport.sh');
    expect(problem.message).not.toContain('rpc error');
  });

  it('is reported with the other missing resources', async () => {
    const problem = await explained(
      exited('application-output', 'application-a', 'app "a" not found'),
      exited('database-output', 'database-b', 'database "b" not found'),
      exited('ssh-host', 'ssh_host-c', 'context canceled'),
      'ERROR: service(application-output (directory: /tmp/machine-id-0011223344556677/application-a)): app "a" not found',
    );
    expect(problem.message).toContain('an application named `a` (credential `application-a`)');
    expect(problem.notes.slice(1)).toEqual([
      'The bot also cannot see a database named `b` (credential `database-b`).',
    ]);
  });

  it('is explained by `roles` in `services` if it names the role', async () => {
    const message = 'ERROR: role nope is not found';
    const problem = await explainedFor(['nope'], message);
    expect(problem.code).toBe('role-denied');
    expect(problem.message).toContain(
      '`roles` in `services` requests a role that the bot cannot use',
    );
    expect(problem.fix).not.toContain('update');
    expect((await explained(message)).fix).toContain('--add-roles=ROLE');
  });

  it('is not a denial, even if its name resembles one', async () => {
    const joined = 'INFO [TBOT:IDENT] Fetched new bot identity, identity=(roles=[bot-ci])';
    const problem = await explained(
      joined,
      'ERROR: service(application-output (directory: /tmp/machine-id-0011223344556677/a)): app "token expired or not found" not found',
    );
    expect(problem.code).toBe('service-not-found');
    expect(problem.message).toContain('named `token expired or not found`');
    expect((await explained('ERROR: token expired or not found')).code).toBe('token-unknown');
  });

  it('is a leaf cluster that the bot cannot see', async () => {
    const problem = await explained(
      'ERROR: generating impersonated certs for output: identity (directory: /temp/identity)',
      'remote cluster "leaf.example.com" is not found',
    );
    expect(problem).toMatchObject({
      code: 'service-not-found',
      message:
        'The bot cannot see a leaf cluster named `leaf.example.com` (credential `identity`).',
      fix: expect.stringContaining('`leaf-cluster`'),
    });
  });

  it.each([
    ['create', 'host_cert'],
    ['read', 'app_server'],
  ])('shows the missing rule: %s on %s', async (verb, kind) => {
    const problem = await explained(
      `ERROR: service(ssh-host (directory: /temp/ssh-host)): access denied to perform action "${verb}" on "${kind}"`,
    );
    expect(problem).toMatchObject({
      code: 'role-denied',
      message: `The roles of the bot do not allow \`${verb}\` on \`${kind}\` (credential \`ssh-host\`).`,
    });
    expect(parse(problem.paste ?? '')).toEqual({
      spec: { allow: { rules: [{ resources: [kind], verbs: [verb] }] } },
    });
  });

  it.each(['team:dev', 'a.b', 'x+y', 'nope'])('names the role %s', async (role) => {
    const problem = await explainedFor([role], `ERROR: role ${role} is not found`);
    expect(problem.message).toContain('`services`');
  });

  it('is not explained by `services` if a longer name is denied', async () => {
    const problem = await explainedFor(['dev'], 'ERROR: role developer is not found');
    expect(problem.message).not.toContain('`services`');
  });

  it('is not one of these if a role is missing', async () => {
    expect(await explained('ERROR: role nope is not found')).toMatchObject({ code: 'role-denied' });
  });
});
