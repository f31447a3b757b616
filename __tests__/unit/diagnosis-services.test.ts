import { describe, expect, it } from 'vitest';
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
async function explainedFor(askedRoles: readonly string[], line: string): Promise<Problem> {
  return (await explainLog([line], { ...context, askedRoles })).problem;
}

function exited(type: string, name: string, error: string): string {
  const folder = `/tmp/machine-id-0011223344556677/${name}`;
  return `2026-11-21T07:17:00Z ERRO [TBOT] Service exited with error service:${type} (directory: ${folder}) error:${error} bot/bot.go`;
}

describe('a credential that cannot be issued', () => {
  it('is named by its folder, as tbot 15 tells it', async () => {
    const problem = await explained(
      'ERROR: generating impersonated certs for output: application (directory: /tmp/machine-id-0011223344556677/application-nope)',
      'app "nope" not found',
    );
    expect(problem).toMatchObject({ code: 'service-not-found' });
    expect(problem.message).toBe(
      'The cluster shows the bot no app "nope", which was asked for `application-nope`.',
    );
    expect(problem.fix).toContain('tctl apps ls');
  });

  it('is named by its folder, as newer ones tell it', async () => {
    const problem = await explained(
      'ERROR: service(database-output (directory: D:\\a\\_temp\\machine-id-0011223344556677\\db)): database "pg" not found',
    );
    expect(problem.message).toContain('for `db`');
    expect(problem.fix).toContain('tctl db ls');
  });

  it.each([
    ['unable to fetch cluster "x" by name', 'kubernetes cluster "x"', 'tctl kube ls'],
    ['no X509 SVIDs returned', 'workload identity', 'tctl get workload_identity'],
    ['workload_identity "x" doesn\'t exist', 'workload identity "x"', 'tctl get workload_identity'],
  ])('%s', async (message, sought, command) => {
    const problem = await explained(`ERROR: ${message}`);
    expect(problem.message).toContain(sought);
    expect(problem.message).toMatch(/which was asked for\.$/);
    expect(problem.fix).toContain(command);
  });

  it.each([
    'multiple X509 SVIDs received: [a b]',
    '"x" matches multiple auto-discovered databases',
  ])('may be one of several: %s', async (message) => {
    const problem = await explained(`ERROR: ${message}`);
    expect(problem).toMatchObject({ code: 'service-not-found' });
    expect(problem.message).toContain('More than one');
  });

  it.each([
    'rpc error: code = Unimplemented desc = unknown service teleport.workloadidentity.v1.X',
    'service type "application" is not supported in scoped mode',
    'this feature requires Teleport Enterprise',
  ])('may be beyond the cluster: %s', async (message) => {
    const problem = await explained(`ERROR: ${message}`);
    expect(problem).toMatchObject({ code: 'unsupported' });
    expect(problem.message).toContain('example.teleport.sh');
    expect(problem.message).not.toContain('rpc error');
  });

  it('is reported with the others that are missing', async () => {
    const problem = await explained(
      exited('application-output', 'application-a', 'app "a" not found'),
      exited('database-output', 'database-b', 'database "b" not found'),
      exited('ssh-host', 'ssh_host-c', 'context canceled'),
      'ERROR: service(application-output (directory: /tmp/machine-id-0011223344556677/application-a)): app "a" not found',
    );
    expect(problem.message).toContain('no app "a", which was asked for `application-a`');
    expect(problem.notes[0]).toBe('Not found either: database "b" (for `database-b`).');
  });

  it('is a mistake of `services` where that names the role', async () => {
    const message = 'ERROR: role nope is not found';
    const problem = await explainedFor(['nope'], message);
    expect(problem.code).toBe('role-denied');
    expect(problem.message).toContain('`roles` in `services` asks for what the bot can');
    expect(problem.fix).not.toContain('update');
    expect((await explained(message)).fix).toContain('--add-roles=ROLE');
  });

  it('is no denial, whatever its name sounds like', async () => {
    const joined = 'INFO [TBOT:IDENT] Fetched new bot identity, identity=(roles=[bot-ci])';
    const problem = await explained(
      joined,
      'ERROR: service(application-output (directory: /tmp/machine-id-0011223344556677/a)): app "token expired or not found" not found',
    );
    expect(problem.code).toBe('service-not-found');
    expect(problem.message).toContain('app "token expired or not found"');
    expect((await explained('ERROR: token expired or not found')).code).toBe('token-unknown');
  });

  it.each(['team:dev', 'a.b', 'x+y', 'nope'])('names the role %s', async (role) => {
    const problem = await explainedFor([role], `ERROR: role ${role} is not found`);
    expect(problem.message).toContain('`services`');
  });

  it('is no mistake of `services` where a longer name is denied', async () => {
    const problem = await explainedFor(['dev'], 'ERROR: role developer is not found');
    expect(problem.message).not.toContain('`services`');
  });

  it('is none of these where a role is missing', async () => {
    expect(await explained('ERROR: role nope is not found')).toMatchObject({ code: 'role-denied' });
  });
});
