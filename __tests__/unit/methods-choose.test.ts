import { describe, expect, it } from 'vitest';
import { chooseIdentity, type IdentityInputs } from '../../src/methods/choose.ts';
import type { Problem } from '../../src/problem.ts';
import type { Environment, JobFacts } from '../../src/ci/port.ts';
import { ciWith } from '../recording.ts';
import { problemOf, textOf } from './problem.fixture.ts';

const clientId = '22222222-2222-2222-2222-222222222222';
const userAssigned = { method: 'azure', onboarding: { azure: { client_id: clientId } } };
const endpoint = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example.com/token?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};

const inputs = (
  joinMethod: IdentityInputs['joinMethod'],
  azureClientId?: string,
): IdentityInputs => ({ joinMethod, azureClientId });

function refusal(asked: IdentityInputs, env: Environment, job?: Partial<JobFacts>): Problem {
  return problemOf(() => chooseIdentity(asked, ciWith(env, job)));
}

describe('chooseIdentity', () => {
  it.each<[string, IdentityInputs, Environment, object]>([
    ['auto: the OIDC token', inputs('auto'), endpoint, { method: 'github' }],
    ['auto: the client ID', inputs('auto', clientId), {}, userAssigned],
    [
      'auto: the client ID, even if there is an OIDC token',
      inputs('auto', clientId),
      endpoint,
      userAssigned,
    ],
    ['github', inputs('github'), endpoint, { method: 'github' }],
    ['azure, system-assigned', inputs('azure'), endpoint, { method: 'azure', onboarding: {} }],
    ['azure, user-assigned', inputs('azure', clientId), {}, userAssigned],
  ])('%s', (_, asked, env, identity) => {
    expect(chooseIdentity(asked, ciWith(env))).toMatchObject(identity);
  });

  it('explains both identities if auto finds neither', () => {
    const problem = refusal(inputs('auto'), {});
    expect(problem.code).toBe('no-identity');
    expect(problem.paste).toContain('id-token: write');
    const text = problem.notes.join('\n');
    expect(text).toContain('azure-client-id');
    expect(text).toContain('join-method: azure');
  });

  it.each(Object.keys(endpoint))('rejects github without %s', (name) => {
    const problem = refusal(inputs('github'), { ...endpoint, [name]: '' });
    expect(problem.code).toBe('no-id-token');
    expect(problem.paste).toBe('permissions:\n  id-token: write\n  contents: read');
    expect(problem.fix).toContain('reusable workflow');
  });

  it('suggests no permissions for a pull request from a fork', () => {
    for (const method of ['github', 'auto'] as const) {
      const problem = refusal(inputs(method), {}, { eventName: 'pull_request', fromFork: true });
      const text = textOf(problem);
      expect(text).toContain('fork');
      expect(text).toContain('pull_request_target');
      expect(problem.paste).toBeUndefined();
    }
  });

  it('mentions forks for any pull request', () => {
    const problem = refusal(inputs('github'), { GITHUB_EVENT_NAME: 'pull_request' });
    expect(problem.paste).toContain('id-token: write');
    expect(problem.notes.join('\n')).toContain('fork');
  });
});
