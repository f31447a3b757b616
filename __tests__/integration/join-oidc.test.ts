import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startAzureDevops } from '../../testbed/azure-devops.ts';
import { startOidcIssuer } from '../../testbed/oidc-issuer.ts';
import type { Recording } from '../recording.ts';
import { type Issuers, type Job, type System, systems } from './join-oidc.fixture.ts';
import { mainFixture } from './main.fixture.ts';

let issuers: Issuers;
const fixture = mainFixture({
  teleportVersion: '18.11.0',
  issuers: {
    gitlab: (domain) => `${issuers.oidc.url}/${domain}`,
    circleci: (organization) => `${issuers.oidc.url}/org/${organization}`,
    azureDevops: (organization) => issuers.azureDevops.issuer(organization),
  },
});
beforeAll(async () => {
  issuers = { oidc: await startOidcIssuer(), azureDevops: await startAzureDevops() };
});
afterAll(async () => {
  await issuers.oidc[Symbol.asyncDispose]();
  await issuers.azureDevops[Symbol.asyncDispose]();
});

/** Runs a job with a join token that has these rules. */
async function join(system: System, rules: readonly object[], job: Job = {}): Promise<Recording> {
  const { method, onboarding } = system;
  fixture.testbed.proxy.tokens['ci-job'] = system.token(issuers, rules);
  return fixture.play({
    inputs: {
      token: 'ci-job',
      'join-method': method,
      ...(onboarding === undefined ? {} : { onboarding }),
    },
    env: await system.env(issuers, job),
  });
}

/** Returns the code of a failed step, and its log. */
function failure(recording: Recording): { readonly code: string; readonly log: string } {
  const [title = ''] = recording.of('fail')[0] ?? [];
  const log = [...recording.of('fail'), ...recording.of('info'), ...recording.of('group')];
  return { code: title.replace('machine-id-action: ', ''), log: log.flat().join('\n') };
}

/** Returns the entry that the message suggests, as part of the log. */
function suggested(log: string): unknown {
  const lines = /^(?<entry>- .+(?:\n {2,}.+)*)$/m.exec(log)?.groups?.['entry'];
  return lines === undefined ? undefined : parse(lines);
}

describe.each(systems)('a join with $method', (system) => {
  it('is denied by other rules, and allowed by the rule in the message', async () => {
    const { code, log } = failure(await join(system, [system.other]));
    expect(code).toBe('claims-denied');
    expect(log).toContain(system.shown);
    expect(log).not.toMatch(/octocat@|eyJ/);
    expect(suggested(log)).toEqual([system.rule]);
    const joined = await join(system, [system.other, system.rule]);
    expect(joined.of('fail')).toEqual([]);
    expect(joined.values('output')).toMatchObject({ bot: 'ci' });
  });

  it('is denied without rules', async () => {
    const { code, log } = failure(await join(system, []));
    expect(code).toBe('claims-denied');
    expect(log).toContain(system.method === 'generic_oidc' ? 'no rules configured' : system.shown);
  });

  it('is denied for unreviewed code, without a rule that would allow it', async () => {
    const { code, log } = failure(
      await join(system, [system.other], { claims: system.unreviewed }),
    );
    expect(code).toBe('claims-denied');
    expect(log).toContain('would let unreviewed code join');
    expect(suggested(log)).toBeUndefined();
  });

  it('is denied with the token of another issuer', async () => {
    const other = '99999999-9999-9999-9999-999999999999';
    const { code, log } = failure(await join(system, [system.rule], { issuer: other }));
    expect(code).toBe('claims-denied');
    expect(log).toContain("does not accept the issuer of this job's OIDC token");
    expect(log).toContain(other);
  });

  it('is denied with a token for another audience', async () => {
    const audience = 'https://example.com';
    const { code, log } = failure(await join(system, [system.rule], { audience }));
    expect(code).toBe('claims-denied');
    expect(log).toContain("The audience of this job's OIDC token is not the one");
  });

  it('is denied with an expired token', async () => {
    fixture.testbed.faults.clock.proxy = 3600;
    const { code } = failure(await join(system, [system.rule]));
    expect(code).toBe('clock');
  });
});
