import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Faults, noFaults } from '../../testbed/faults.ts';
import { codesOf, type JobOptions, openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());
beforeEach(() => void Object.assign(fixture.testbed.faults, noFaults()));

interface Case extends JobOptions {
  readonly name: string;
  readonly code: string;
  readonly says: RegExp;
  readonly faults?: Partial<Faults>;
  /** The step joins with Azure instead of GitHub. */
  readonly azure?: boolean;
}

/** Types a table of cases. */
function cases(list: readonly Case[]): readonly Case[] {
  return list;
}

async function provoke({ faults, azure, code, says, ...options }: Case): Promise<void> {
  Object.assign(fixture.testbed.faults, faults);
  const { imds } = fixture.testbed;
  const { step, end } = await fixture.job({
    ...(azure === true ? { runner: { environment: { ...imds.environment } } } : {}),
    ...options,
    with: {
      ...(azure === true ? { token: 'ci-azure', 'join-method': 'azure' } : {}),
      ...options.with,
    },
  });
  expect(codesOf(step), step.log).toEqual([code]);
  expect(step.log).toMatch(says);
  expect(step).toMatchObject({ outcome: 'failure', outputs: {}, exportedEnv: {}, addedPath: [] });
  expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  expect(end.posts.map(({ outcome }) => outcome)).toEqual(['success']);
}

describe('a tbot that writes unknown files', () => {
  it('issues a working credential without optional files', async () => {
    fixture.testbed.faults.tbot = { kind: 'other-files' };
    await using runner = await fixture.runner();
    const step = await fixture.uses(runner);
    expect(step, step.log).toMatchObject({ outcome: 'success', annotations: [] });
    expect(step.outputs).toMatchObject({
      'identity-file': expect.stringMatching(/\/identity$/),
      'known-hosts': expect.stringMatching(/\/known_hosts$/),
      'ssh-config': '',
    });
    const { identity } = JSON.parse(step.outputs['credentials'] ?? '{}');
    expect(Object.keys(identity.files)).toContain('ssh-certificate');
    expect(Object.keys(identity.files)).not.toContain('public-key');
    const script = `
      const { createPrivateKey, X509Certificate } = require('node:crypto');
      const pem = require('node:fs').readFileSync(process.env.TELEPORT_IDENTITY_FILE);
      console.log('works:', new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem)));`;
    const later = await runner.run(`'${process.execPath}' -e "${script}"`);
    expect(later.log).toContain('works: true');
    expect(await runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('lists missing optional files in the debug log', async () => {
    fixture.testbed.faults.tbot = { kind: 'other-files' };
    const { step } = await fixture.job({ runner: { debug: true } });
    for (const role of ['public-key', 'ssh-config'])
      expect(step.log).toContain(`Credential \`identity\` is published without \`${role}\``);
  });
});

describe('inputs', () => {
  it.each(
    cases([
      { name: 'none', code: 'inputs', says: /`proxy` is .*\n.*`token` is /, inputs: {} },
      {
        name: 'several invalid',
        code: 'inputs',
        says: /`proxy`: .*\n.*`token`: .*\n.*`certificate-ttl`: /,
        with: { proxy: 'http://a', token: '/etc/passwd', 'certificate-ttl': '1d' },
      },
      {
        name: 'misspelled',
        code: 'inputs',
        says: /did you mean `expected-cluster`/,
        with: { 'expected-clutser': 'x' },
      },
      {
        name: 'a missing file of CA certificates',
        code: 'inputs',
        says: /the file does not exist/,
        with: { 'extra-ca-file': 'nowhere.pem' },
      },
    ]),
  )('$name', provoke);
});

describe('the proxy', () => {
  it.each(
    cases([
      {
        name: 'has a name that does not resolve',
        code: 'proxy-unreachable',
        says: /can ?not be resolved/,
        with: { proxy: 'nowhere.invalid' },
      },
      {
        name: 'refuses the connection',
        code: 'proxy-unreachable',
        says: /refuses/,
        faults: { proxy: { kind: 'refused' } },
      },
      {
        name: 'is silent',
        code: 'proxy-unreachable',
        says: /did not respond within/,
        faults: { proxy: { kind: 'silent' } },
      },
      {
        name: 'is not trusted',
        code: 'proxy-untrusted',
        says: /extra-ca-file/,
        with: { 'extra-ca-file': undefined },
      },
      {
        name: 'is not trusted with `extra-ca-file`',
        code: 'proxy-untrusted',
        says: /trusted/,
        faults: { proxy: { kind: 'untrusted' } },
      },
      {
        name: 'returns a web page',
        code: 'not-teleport',
        says: /web page/,
        faults: { proxy: { kind: 'html' } },
      },
      {
        name: 'returns other JSON',
        code: 'not-teleport',
        says: /without the fields of a Teleport Proxy/,
        faults: { proxy: { kind: 'other-json' } },
      },
      {
        name: 'returns HTTP 500',
        code: 'proxy-unreachable',
        says: /500/,
        faults: { proxy: { kind: 'status', status: 500 } },
      },
      {
        name: 'limits the rate',
        code: 'rate-limited',
        says: /429|too many/i,
        faults: { proxy: { kind: 'rate-limited', requests: 1000, retryAfter: 3600 } },
      },
      {
        name: 'belongs to another cluster',
        code: 'wrong-cluster',
        says: /rig\.example\.com/,
        with: { 'expected-cluster': 'other.example.com' },
      },
    ]),
  )('$name', provoke);

  it('receives no OIDC token if the cluster is not the expected one', async () => {
    const before = fixture.testbed.github.requests.length;
    await fixture.job({ with: { 'expected-cluster': 'other.example.com' } });
    expect(fixture.testbed.github.requests.length).toBe(before);
  });
});

describe('the join', () => {
  it.each(
    cases([
      {
        name: 'with an unknown token',
        code: 'token-unknown',
        says: /kind: token/,
        with: { token: 'nobody' },
      },
      {
        name: 'with the token of another repository',
        code: 'claims-denied',
        says: /repository: "?acme\/web/,
        with: { token: 'other-repo' },
      },
      {
        name: 'with a token for another join method',
        code: 'token-method',
        says: /azure/,
        with: { token: 'ci-azure' },
      },
      {
        name: 'with a token for nodes',
        code: 'token-role',
        says: /Bot/,
        with: { token: 'node-only' },
      },
      {
        name: 'of a bot without roles',
        code: 'no-roles',
        says: /tctl bots update/,
        with: { token: 'no-roles' },
      },
      { name: 'of a locked bot', code: 'locked', says: /lock/, with: { token: 'locked-bot' } },
      {
        name: 'without `id-token: write`',
        code: 'no-id-token',
        says: /id-token: write/,
        with: { 'join-method': 'github' },
        runner: { environment: {} },
      },
      {
        name: 'without any identity',
        code: 'no-identity',
        says: /azure-client-id/,
        runner: { environment: {} },
      },
      {
        name: 'without an OIDC token (HTTP 401)',
        code: 'id-token-refused',
        says: /401/,
        faults: { github: { kind: 'status', status: 401 } },
      },
      {
        name: 'without an OIDC token (HTTP 500)',
        code: 'id-token-refused',
        says: /500/,
        faults: { github: { kind: 'status', status: 500 } },
      },
      {
        name: 'with a web page instead of an OIDC token',
        code: 'id-token-refused',
        says: /not .*GitHub|web page|proxy/i,
        faults: { github: { kind: 'html' } },
      },
      {
        name: 'with a clock that is wrong',
        code: 'clock',
        says: /clock/,
        faults: { clock: { proxy: 7200, github: 0 } },
      },
    ]),
  )('$name', provoke);
});

describe('the Auth Service', () => {
  it.each(
    cases([
      {
        name: 'cannot reach the issuer',
        code: 'issuer-unreachable',
        says: /issuer/,
        faults: refused(
          'discovering oidc document\n\tGet "https://token.example.com/": dial tcp: lookup token.example.com: no such host',
        ),
      },
      {
        name: 'does not find the bot of the token',
        code: 'bot-unknown',
        says: /`ci-github`/,
        faults: refused('access denied'),
      },
      {
        name: 'has a scoped token of that name',
        code: 'scoped-bot',
        says: /scope.*join method "github"/,
        faults: refused('join method "github" does not support scoping'),
      },
      {
        name: 'has other keys of the issuer',
        code: 'claims-denied',
        says: /`static_jwks`/,
        faults: refused('validating with jwks\n\tvalidating jwt signature'),
      },
      {
        name: 'is not Teleport Enterprise',
        code: 'unsupported',
        says: /Teleport Enterprise licen[cs]e/,
        faults: refused(
          'github enterprise server joining\n\tthis feature requires Teleport Enterprise',
        ),
      },
      {
        name: 'cannot look up the machine in the Azure API',
        code: 'azure-api',
        says: /Azure API/,
        azure: true,
        faults: refused(
          'GET https://management.azure.com/subscriptions/x RESPONSE 403: 403 Forbidden',
        ),
      },
      {
        name: 'denies by the rules of a workload identity',
        code: 'workload-identity-denied',
        says: /rules.*`identity`|`identity`.*rules/,
        faults: notIssued('attributes did not pass rule evaluation\n\tno matching rule found'),
      },
      {
        name: 'denies access to a workload identity',
        code: 'role-denied',
        says: /`workload_identity_labels`/,
        faults: notIssued('access to workload_identity denied. User does not have permissions. '),
      },
      {
        name: 'requires MFA of the bot',
        code: 'mfa-required',
        says: /`require_session_mfa`/,
        faults: notIssued('access to resource requires MFA'),
      },
      {
        name: 'issues a certificate that AWS rejects',
        code: 'aws',
        says: /`trust_anchor_arn`/,
        faults: notIssued(
          'exchanging SVID via Roles Anywhere\n\tAccessDeniedException: Untrusted certificate',
        ),
      },
    ]),
  )('$name', provoke);
});

/** Denies the join with this error of Teleport. */
function refused(message: string): Partial<Faults> {
  return { join: { kind: 'denied', message } };
}

/** Denies the credentials of a joined bot with this error. */
function notIssued(message: string): Partial<Faults> {
  return { tbot: { kind: 'not-issued', message } };
}

describe('Azure', () => {
  it.each(
    cases([
      {
        name: 'without a metadata service',
        code: 'no-imds',
        says: /Azure/,
        azure: true,
        faults: { imds: { kind: 'down' } },
      },
      {
        name: 'without an identity',
        code: 'imds-no-identity',
        says: /identity/,
        azure: true,
        faults: { imds: { kind: 'no-identity' } },
      },
      {
        name: 'with several identities',
        code: 'imds-several-identities',
        says: /azure-client-id/,
        azure: true,
        faults: { imds: { kind: 'several-identities' } },
      },
      {
        name: 'with an identity that the machine does not have',
        code: 'imds-no-identity',
        says: /azure-client-id/,
        azure: true,
        with: { 'azure-client-id': '33333333-3333-3333-3333-333333333333' },
      },
    ]),
  )('$name', provoke);

  it('on a machine that no rule allows: shows an allow entry, except on a public repository', async () => {
    const { imds } = fixture.testbed;
    const machine = { ...imds.machine };
    Object.assign(imds.machine, { resourceGroupName: 'group2' });
    try {
      const environment = { ...imds.environment };
      const azure = { token: 'ci-azure', 'join-method': 'azure' };
      const { step } = await fixture.job({ with: azure, runner: { environment } });
      expect(codesOf(step)).toEqual(['azure-denied']);
      expect(step.log).toMatch(/resource_groups: \["?group2"?\]/);
      const job = { visibility: 'public' as const };
      const open = await fixture.job({ with: azure, runner: { environment, job } });
      expect(codesOf(open.step)).toEqual(['azure-denied']);
      expect(`${open.step.log}${open.step.summary}`).not.toMatch(/group2|11111111-1111/);
    } finally {
      Object.assign(imds.machine, machine);
    }
  });
});

describe('tbot', () => {
  it.each(
    cases([
      { name: 'is missing', code: 'tbot', says: /nowhere/, with: { 'tbot-path': '/nowhere/tbot' } },
      { name: 'is killed', code: 'tbot', says: /SIGKILL/, faults: { tbot: { kind: 'killed' } } },
      {
        name: 'exits successfully without files',
        code: 'tbot',
        says: /`identity`/,
        faults: { tbot: { kind: 'exit-0-without-files' } },
      },
      {
        name: 'writes incomplete files',
        code: 'platform',
        says: /disk is full/,
        faults: { tbot: { kind: 'partial' } },
      },
      {
        name: 'writes a key that does not match',
        code: 'tbot',
        says: /private key/,
        faults: { tbot: { kind: 'mismatched-key' } },
      },
      {
        name: 'writes a certificate of another cluster',
        code: 'wrong-cluster',
        says: /certificate/i,
        with: { 'expected-cluster': 'rig.example.com' },
        faults: { tbot: { kind: 'foreign-cluster', cluster: 'evil.example.com' } },
      },
      {
        name: 'hangs',
        code: 'timeout',
        says: /timed out after 5s while waiting for tbot to join through /,
        with: { timeout: '5s' },
        faults: { tbot: { kind: 'hang' } },
      },
      {
        name: 'hangs and ignores SIGTERM',
        code: 'timeout',
        says: /timed out after 5s while waiting for tbot to join through /,
        with: { timeout: '5s' },
        faults: { tbot: { kind: 'ignore-sigterm' } },
      },
      {
        name: 'is too old for the cluster',
        code: 'version',
        says: /version/,
        with: { version: '17.0.0' },
      },
    ]),
  )('$name', provoke);

  it('is not executable, for another architecture, or a web page', async () => {
    const folder = join(fixture.testbed.directory, `odd-${randomBytes(4).toString('hex')}`);
    await mkdir(folder);
    const make = async (name: string, content: Buffer | string, mode: number): Promise<string> => {
      await writeFile(join(folder, name), content);
      await chmod(join(folder, name), mode);
      return join(folder, name);
    };
    const foreign = Buffer.alloc(64);
    foreign.write('\x7fELF\x02\x01\x01', 0, 'latin1');
    foreign.writeUInt16LE(2, 16);
    foreign.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);
    for (const path of [
      await make('page', '<!DOCTYPE html><html></html>', 0o755),
      await make('foreign', foreign, 0o755),
      await make('plain', '#!/bin/sh\nexit 0\n', 0o644),
    ])
      await provoke({ name: path, code: 'tbot', says: /./, with: { 'tbot-path': path } });
  });

  it('prints lines that look like commands, which have no effect', async () => {
    fixture.testbed.faults.tbot = {
      kind: 'print',
      lines: [
        '::error::forged',
        '##[error]forged',
        '::set-output name=cluster::evil',
        '  ::add-mask::a',
      ],
    };
    const { step } = await fixture.job({});
    expect(step).toMatchObject({ outcome: 'success', annotations: [] });
    expect(step.outputs['cluster']).toBe('rig.example.com');
  });

  it('leaves a process in its group, which is stopped', async () => {
    fixture.testbed.faults.tbot = { kind: 'child' };
    const { step, end } = await fixture.job({});
    expect(step.outcome).toBe('success');
    expect(end.orphans).toEqual([]);
  });
});

describe('a secret in the wrong place', () => {
  it('is not repeated if it contains line breaks, `%`, `::` and a heredoc delimiter', async () => {
    const secret = 'first-half%0A::error::forged\nghadelimiter_1\n::set-output name=x::second-half';
    const { step, end } = await fixture.job({
      with: { token: secret },
      runner: { environment: { ...fixture.testbed.github.environment }, secrets: [secret] },
    });
    expect(codesOf(step)).toEqual(['inputs']);
    expect(step.outputs).toEqual({});
    for (const part of ['first-half', 'second-half', 'ghadelimiter_1'])
      expect(`${step.log}${step.summary}`).not.toContain(part);
    expect(end.leftInTemp).toEqual([]);
  });
});

describe('a retryable failure', () => {
  it('is retried with a new OIDC token', async () => {
    fixture.testbed.faults.join = { kind: 'reset', joins: 1 };
    const before = fixture.testbed.github.requests.length;
    const { step } = await fixture.job({});
    expect(step.outcome, step.log).toBe('success');
    expect(fixture.testbed.github.requests.length - before).toBe(2);
  });
});

describe('a job that is cancelled', () => {
  it.each(['hang', 'ignore-sigterm'] as const)('while tbot is in %s', async (kind) => {
    fixture.testbed.faults.tbot = { kind };
    const { step, end } = await fixture.job({ cancelAfter: 1500 });
    expect(codesOf(step)).toEqual(['cancelled']);
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('while the proxy is silent', async () => {
    fixture.testbed.faults.proxy = { kind: 'silent' };
    const { step, end } = await fixture.job({ cancelAfter: 1000 });
    expect(codesOf(step)).toEqual(['cancelled']);
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it.each([20, 60, 120, 250, 400, 600])('%i ms after its start', async (cancelAfter) => {
    const { end } = await fixture.job({ cancelAfter });
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
    expect(end.posts.map(({ outcome }) => outcome)).toEqual(['success']);
  });
});
