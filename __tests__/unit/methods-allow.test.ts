import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { azureAllowEntry } from '../../src/methods/azure.ts';
import {
  type AllowEntry,
  claimLines,
  type ClaimRules,
  type Claims,
} from '../../src/methods/claims.ts';
import { claimRulesOf } from '../../src/methods/claim-rules.ts';
import type { JoinMethod } from '../../src/methods/index.ts';
import { yamlScalar } from '../../src/yaml/scalar.ts';

/** Returns how the rules of a method match claims. */
function rulesOf(method: JoinMethod): ClaimRules {
  const rules = claimRulesOf(method);
  if (!rules) throw new Error(`${method} has no rules for claims`);
  return rules;
}

const { names, allowEntry } = rulesOf('github');

const main: Claims = {
  sub: 'repo:acme/web:ref:refs/heads/main',
  repository: 'acme/web',
  repository_owner: 'acme',
  workflow: 'deploy',
  actor: 'octocat',
  ref: 'refs/heads/main',
  ref_type: 'branch',
};

/** Parses the rule in the entry. */
function ruleIn(entry: AllowEntry): unknown {
  if (entry.kind === 'none') throw new Error(entry.why);
  const list: unknown = parse(entry.lines.join('\n'));
  expect(list).toHaveLength(1);
  return Array.isArray(list) ? list[0] : undefined;
}

/** Unpaired surrogates cannot be written: U+FFFD replaces them. */
const same = (text: string | undefined) => text?.replace(/\p{Surrogate}/gu, '\ufffd');

describe('allowEntry', () => {
  it('contains the repository, ref and workflow of the job', () => {
    expect(ruleIn(allowEntry(main))).toEqual({
      repository: 'acme/web',
      ref: 'refs/heads/main',
      workflow: 'deploy',
    });
  });

  it('contains the environment if the job has one', () => {
    expect(ruleIn(allowEntry({ ...main, environment: 'production' }))).toMatchObject({
      environment: 'production',
    });
  });

  it.each<[string, Claims]>([
    ['a pull request', { ...main, ref: 'refs/pull/7/merge' }],
    ['a merge queue', { ...main, ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc' }],
    ['no ref', { repository: 'acme/web' }],
    ['an empty repository, which matches any', { ...main, repository: '' }],
    ['no repository', { ref: 'refs/heads/main' }],
    ['an environment that is a pattern', { ...main, environment: 'prod*' }],
    ['a ref that is a pattern', { ...main, ref: 'refs/heads/ma?n' }],
  ])('returns the reason instead of an entry for %s', (_, claims) => {
    const entry = allowEntry(claims);
    expect(entry.kind).toBe('none');
    expect(entry.kind === 'none' && entry.why.length).toBeGreaterThan(20);
  });

  it('returns no entry for a workflow whose name is a pattern', () => {
    const entry = allowEntry({ ...main, workflow: 'deploy *' });
    expect(entry).toMatchObject({ kind: 'none', why: expect.stringContaining('wildcards') });
  });

  it('explains `repository` if `sub` contains IDs', () => {
    const entry = allowEntry({ ...main, sub: 'repo:acme@1/web@2:ref:refs/heads/main' });
    expect(entry.kind === 'entry' && entry.notes.join()).toContain('`sub`');
    expect(allowEntry(main)).toMatchObject({ notes: [] });
  });

  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('acme/web', 'refs/pull/1/merge', 'refs/heads/main', '*', 'a?b', '- x: y', '"'),
  );
  const claims = fc.record(
    {
      sub: value,
      repository: value,
      workflow: value,
      environment: value,
      ref: value,
      actor: value,
    },
    { requiredKeys: [] },
  );

  it('matches exactly the job: no patterns, no pull requests', () => {
    fc.assert(
      fc.property(claims, (job: Claims) => {
        const entry = allowEntry(job);
        if (entry.kind === 'none') return;
        const rule = ruleIn(entry);
        expect(rule).toEqual({
          repository: same(job.repository),
          ref: same(job.ref),
          ...(job.environment ? { environment: same(job.environment) } : {}),
          ...(job.workflow && !/[*?]/.test(job.workflow) ? { workflow: same(job.workflow) } : {}),
        });
        expect(JSON.stringify(rule)).not.toMatch(/[*?]|"ref":"refs\/pull\/|:""/);
      }),
    );
  });
});

/** Returns the rules in a join token. */
function tokenRulesFor(claims: Claims, method: JoinMethod = 'gitlab'): unknown {
  return parse((rulesOf(method).tokenRules?.(claims) ?? []).join('\n'));
}

describe('allowEntry of gitlab', () => {
  const gitlab = rulesOf('gitlab');
  const job: Claims = {
    project_path: 'acme/web',
    ref: 'main',
    ref_type: 'branch',
    ref_protected: 'true',
    pipeline_source: 'push',
  };

  it('contains the project, ref and pipeline source, and the environment if the job has one', () => {
    const { ref_protected: _, ...rule } = job;
    expect(ruleIn(gitlab.allowEntry(job))).toEqual(rule);
    const deployment = { ...job, environment: 'production' };
    expect(ruleIn(gitlab.allowEntry(deployment))).toEqual({ ...rule, environment: 'production' });
  });

  it('belongs to a join token, with the domain of an instance other than gitlab.com', () => {
    const { ref_protected: _, ...rule } = job;
    expect(tokenRulesFor({ ...job, iss: 'https://gitlab.com' })).toEqual({ allow: [rule] });
    const { allow, ...rest } = Object(tokenRulesFor({ iss: 'https://gitlab.example.com' }));
    expect(rest).toEqual({ domain: 'gitlab.example.com' });
    expect(allow).toMatchObject([{ project_path: 'GROUP/PROJECT', ref: 'BRANCH' }]);
  });

  it('mentions that the branch is not protected', () => {
    const unprotected = { ...job, ref_protected: 'false' };
    const note = expect.stringContaining('is not protected');
    expect(gitlab.allowEntry(job)).toMatchObject({ notes: [] });
    expect(gitlab.allowEntry(unprotected)).toMatchObject({ notes: [note] });
  });

  it.each<[string, Claims]>([
    ['a merge request', { ...job, pipeline_source: 'merge_request_event' }],
    ['an external pull request', { ...job, pipeline_source: 'external_pull_request_event' }],
    ['no ref', { project_path: 'acme/web' }],
    ['no project', { ref: 'main' }],
    ['a ref that is a pattern', { ...job, ref: 'ma*' }],
  ])('returns the reason instead of an entry for %s', (_, claims) => {
    expect(gitlab.allowEntry(claims)).toMatchObject({ kind: 'none', why: expect.any(String) });
  });
});

describe('the entry for a pipeline of Azure DevOps', () => {
  const azureDevops = rulesOf('azure_devops');
  const job: Claims = {
    sub: 'p://acme/my%20shop/deploy',
    def_id: '7',
    rpo_ref: 'refs/heads/main',
  };

  it('contains the project, pipeline and ref', () => {
    expect(ruleIn(azureDevops.allowEntry(job))).toEqual({
      project_name: 'my shop',
      pipeline_name: 'deploy',
      definition_id: '7',
      repository_ref: 'refs/heads/main',
    });
  });

  it.each<[string, Claims]>([
    ['a pull request', { ...job, rpo_ref: 'refs/pull/7/merge' }],
    ['no ref', { sub: 'p://acme/shop/deploy' }],
    ['no subject', { rpo_ref: 'refs/heads/main' }],
    ['a service connection', { ...job, sub: 'sc://acme/shop/deploy' }],
    ['a subject with other names', { ...job, sub: 'p://acme/shop/folder/deploy' }],
    ['a subject that cannot be decoded', { ...job, sub: 'p://acme/%E0/deploy' }],
  ])('is replaced by the reason for %s', (_, claims) => {
    expect(azureDevops.allowEntry(claims)).toMatchObject({ kind: 'none', why: expect.any(String) });
  });

  it('belongs to a join token with the ID of the organization', () => {
    const known = { ...job, org_id: '22222222-2222-2222-2222-222222222222' };
    expect(tokenRulesFor(known, 'azure_devops')).toMatchObject({
      organization_id: known.org_id,
      allow: [{ project_name: 'my shop' }],
    });
    expect(tokenRulesFor({}, 'azure_devops')).toMatchObject({
      organization_id: 'ORGANIZATION_ID',
      allow: [{ project_name: 'PROJECT', pipeline_name: 'PIPELINE', repository_ref: 'REF' }],
    });
  });
});

describe('the entry for a job of CircleCI', () => {
  const circleci = rulesOf('circleci');
  const job: Claims = {
    'oidc.circleci.com/project-id': 'p',
    'oidc.circleci.com/context-ids': 'a,b',
  };

  it('contains the project and one context', () => {
    expect(ruleIn(circleci.allowEntry(job))).toEqual({ project_id: 'p', context_id: 'a' });
  });

  it('contains only the project if the job has no context, and mentions that', () => {
    const entry = circleci.allowEntry({ ...job, 'oidc.circleci.com/context-ids': '' });
    expect(ruleIn(entry)).toEqual({ project_id: 'p' });
    expect(entry).toMatchObject({ notes: [expect.stringContaining('every job of the project')] });
  });

  it.each<[string, Claims]>([
    ['a pull request', { ...job, 'oidc.circleci.com/vcs-ref': 'refs/heads/pull/7' }],
    ['no project', {}],
  ])('is replaced by the reason for %s', (_, claims) => {
    expect(circleci.allowEntry(claims)).toMatchObject({ kind: 'none', why: expect.any(String) });
  });
});

describe('the entry for a token of another issuer', () => {
  const generic = rulesOf('generic_oidc');
  const job: Claims = { sub: 'job: "deploy"', iss: 'https://ci.example.com', other: 'value' };

  it('contains conditions for the subject and the ref', () => {
    const ref = 'refs/heads/main';
    expect(ruleIn(generic.allowEntry({ ...job, ref }))).toEqual({
      conditions: [
        { attribute: 'sub', eq: { value: job['sub'] } },
        { attribute: 'ref', eq: { value: ref } },
      ],
    });
  });

  it('belongs to a join token with the issuer', () => {
    expect(tokenRulesFor(job, 'generic_oidc')).toEqual({
      issuer: job['iss'],
      audience: 'AUDIENCE',
      allow_any: [{ conditions: [{ attribute: 'sub', eq: { value: job['sub'] } }] }],
    });
  });

  it.each<[string, Claims]>([
    ['a pull request', { ...job, ref: 'refs/pull/7/head' }],
    ['a subject of pull requests', { ...job, sub: 'repo:acme/web:pull_request' }],
    ['an event of pull requests', { ...job, event_name: 'pull_request' }],
    ['no subject', { ref: 'refs/heads/main' }],
  ])('is replaced by the reason for %s', (_, claims) => {
    expect(generic.allowEntry(claims)).toMatchObject({ kind: 'none', why: expect.any(String) });
  });
});

describe('claimLines', () => {
  it('returns a quoted line for each claim that exists', () => {
    expect(claimLines({ repository: 'acme/web', workflow: 'a\n::error::b' }, names)).toEqual([
      'repository: "acme/web"',
      String.raw`workflow: "a\u000a::error::b"`,
    ]);
  });

  it('returns YAML that parses to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const scalar = yamlScalar(text);
        expect(scalar).toMatch(/^"[^\p{Cc}\p{Cf}\u2028\u2029]*"$/u);
        expect(parse(scalar)).toBe(text.replace(/\p{Surrogate}/gu, '\ufffd'));
      }),
    );
  });
});

describe('azureAllowEntry', () => {
  const machine = {
    subscriptionId: '11111111-1111-1111-1111-111111111111',
    resourceGroupName: 'group1',
    vmId: '44444444-4444-4444-4444-444444444444',
  };

  it('matches the subscription and resource group of the machine', () => {
    expect(parse(azureAllowEntry(machine).join('\n'))).toEqual([
      { subscription: machine.subscriptionId, resource_groups: ['group1'] },
    ]);
  });
});
