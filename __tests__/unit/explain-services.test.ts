import { describe, expect, it } from 'vitest';
import { noEvidence } from '../../src/identity/evidence.ts';
import type { Problem } from '../../src/problem.ts';
import { diagnose } from '../../src/tbot/explain/diagnose.ts';
import type { JoinContext } from '../../src/tbot/explain/failure.ts';
import { problemOf } from '../../src/tbot/explain/problem.ts';

const context: JoinContext = {
  way: { kind: 'proxy', address: 'example.teleport.sh:443' },
  cluster: 'example.teleport.sh',
  token: 'ci-github',
  identity: { method: 'github' },
  tbotVersion: '18.2.4',
  job: { eventName: 'push', fromFork: false, publicRepository: false, enterpriseServer: undefined },
};

function explained(...log: readonly string[]): Problem {
  const failure = { exit: { kind: 'code', code: 1 }, log } as const;
  return problemOf(diagnose(failure, context), context, noEvidence);
}

describe('a credential that can not be issued', () => {
  it('is named by its folder, as tbot 15 tells it', () => {
    const problem = explained(
      'ERROR: generating impersonated certs for output: application (directory: /tmp/machine-id-0011223344556677/application-nope)',
      'app "nope" not found',
    );
    expect(problem).toMatchObject({ code: 'service-not-found' });
    expect(problem.message).toBe(
      'The cluster shows the bot no app "nope", which was asked for `application-nope`.',
    );
    expect(problem.fix).toContain('tctl apps ls');
  });

  it('is named by its folder, as newer ones tell it', () => {
    const problem = explained(
      'ERROR: service(database-output (directory: D:\\a\\_temp\\machine-id-0011223344556677\\db)): database "pg" not found',
    );
    expect(problem.message).toContain('for `db`');
    expect(problem.fix).toContain('tctl db ls');
  });

  it.each([
    ['unable to fetch cluster "x" by name', 'kubernetes cluster "x"', 'tctl kube ls'],
    ['no X509 SVIDs returned', 'workload identity', 'tctl get workload_identity'],
    ['workload_identity "x" doesn\'t exist', 'workload identity "x"', 'tctl get workload_identity'],
  ])('%s', (message, sought, command) => {
    const problem = explained(`ERROR: ${message}`);
    expect(problem.message).toContain(sought);
    expect(problem.message).toMatch(/which was asked\.$/);
    expect(problem.fix).toContain(command);
  });

  it.each([
    'multiple X509 SVIDs received: [a b]',
    '"x" matches multiple auto-discovered databases',
  ])('may be one of several: %s', (message) => {
    const problem = explained(`ERROR: ${message}`);
    expect(problem).toMatchObject({ code: 'service-not-found' });
    expect(problem.message).toContain('More than one');
  });

  it.each([
    'rpc error: code = Unimplemented desc = unknown service teleport.workloadidentity.v1.X',
    'service type "application" is not supported in scoped mode',
    'this feature requires Teleport Enterprise',
  ])('may be beyond the cluster: %s', (message) => {
    const problem = explained(`ERROR: ${message}`);
    expect(problem).toMatchObject({ code: 'unsupported' });
    expect(problem.message).toContain('example.teleport.sh');
    expect(problem.message).not.toContain('rpc error');
  });

  it('is none of these where a role is missing', () => {
    expect(explained('ERROR: role nope is not found')).toMatchObject({ code: 'role-denied' });
  });
});
