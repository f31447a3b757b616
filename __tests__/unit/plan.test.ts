import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { makePlan, type Plan, type PlanRequest } from '../../src/plan.ts';
import { renderConfig } from '../../src/tbot/config.ts';

const workdir = '/tmp/machine-id-0011223344556677';

function plan(
  given: Readonly<Record<string, string>> = {},
  changes: Partial<PlanRequest> = {},
): Plan {
  return makePlan({
    inputs: readInputs({ proxy: 'example.com', token: 'ci-github', ...given }, yaml).inputs,
    identity: { method: 'github' },
    tool: { path: '/opt/tbot', version: '18.2.4', source: 'tbot-path' },
    serverVersion: '18.2.4',
    workdir,
    env: { PATH: '/usr/bin' },
    debugging: false,
    caBundle: undefined,
    ...changes,
  });
}

describe('makePlan', () => {
  it('plans one identity by default', () => {
    expect(plan().services).toEqual([
      {
        name: 'identity',
        service: { type: 'identity' },
        dir: `${workdir}/identity`,
      },
    ]);
  });

  it('passes on `allow-reissue`', () => {
    expect(plan({ 'allow-reissue': 'true' }).services[0]?.service).toEqual({
      type: 'identity',
      allow_reissue: true,
    });
  });

  it('plans no services for `[]`', () => {
    const { services, config } = plan({ services: '[]' });
    expect(services).toEqual([]);
    expect(config).toHaveProperty('services', []);
  });

  it('starts tbot in the private directory with its config there', () => {
    expect(plan().command).toEqual({
      path: '/opt/tbot',
      args: ['start', '-c', `${workdir}/tbot.yaml`],
      env: { PATH: '/usr/bin', TELEPORT_ANONYMOUS_TELEMETRY: '0' },
      cwd: workdir,
    });
  });

  it('starts tbot with --debug if step debug logging is on', () => {
    expect(plan({}, { debugging: true }).command.args).toEqual([
      'start',
      '--debug',
      '-c',
      `${workdir}/tbot.yaml`,
    ]);
  });

  it('passes the CA bundle and the telemetry setting to tbot', () => {
    const { env } = plan(
      { 'anonymous-telemetry': 'true' },
      { caBundle: `${workdir}/ca-bundle.pem` },
    ).command;
    expect(env).toMatchObject({
      SSL_CERT_FILE: `${workdir}/ca-bundle.pem`,
      TELEPORT_ANONYMOUS_TELEMETRY: '1',
    });
  });

  it('uses the config keys of the version of tbot', () => {
    const tool = { path: '/opt/tbot', version: '15.0.0-dev', source: 'tbot-path' } as const;
    expect(plan({}, { tool }).config).toMatchObject({
      auth_server: 'example.com:443',
      certificate_ttl: '1h',
    });
  });

  it('contains no secret of the job except the OIDC request token in the environment', async () => {
    const secret = fc.stringMatching(/^[a-z0-9]{24}$/);
    await fc.assert(
      fc.asyncProperty(secret, secret, async (request, other) => {
        const env = {
          ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com',
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: `request-${request}`,
          GITHUB_TOKEN: `other-${other}`,
          INPUT_TOKEN: `other-${other}`,
          TELEPORT_BOT_TOKEN: `other-${other}`,
        };
        const { command, config } = plan({}, { env });
        const rendered = [...command.args, await renderConfig(config)].join('\n');
        expect(rendered).not.toContain(request);
        expect(rendered).not.toContain(other);
        expect(JSON.stringify(command.env)).not.toContain(other);
        expect(command.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']).toBe(`request-${request}`);
      }),
    );
  });
});
