import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { checkIssuers } from '../../src/cluster/expected-cluster.ts';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { type InputDictionary, readInputs, type StepInputs } from '../../src/inputs/inputs.ts';
import type { Endpoint } from '../../src/cluster/endpoint.ts';
import { makePlan, type Plan } from '../../src/plan.ts';
import { Problem } from '../../src/problem.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/diagnosis.ts';
import { checkPinned } from '../../src/tbot/diagnosis/explain.ts';
import { explainLog } from './diagnosis.fixture.ts';

const pin = `sha256:${'0123456789abcdef'.repeat(4)}`;
const direct = {
  'auth-server': 'auth.example.com',
  'ca-pins': pin,
  token: 'ci',
  version: '18.2.4',
};

const read = (given: InputDictionary): StepInputs => readInputs(given, yaml);

/** Returns all errors, or the message if there is only one. */
function errorsIn(given: InputDictionary): readonly string[] {
  try {
    read(given);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { errors, message } = error;
    return errors.length > 0 ? errors : [message];
  }
  return [];
}

describe('the endpoint', () => {
  it('is the proxy', () => {
    const { inputs, notices } = read({ proxy: 'example.com', token: 'ci' });
    expect(inputs.endpoint).toEqual({ kind: 'proxy', address: 'example.com:443' });
    expect(notices).toEqual([]);
  });

  it.each(['sha256:00', 'anything', `${pin} x`])('is the proxy, even with the pins %j', (pins) => {
    const { inputs, notices } = read({ proxy: 'example.com', token: 'ci', 'ca-pins': pins });
    expect(inputs.endpoint).toEqual({ kind: 'proxy', address: 'example.com:443' });
    expect(notices).toEqual(['`ca-pins` is ignored, because it applies only to `auth-server`.']);
  });

  it('is the Auth Service, with pins in lower case', () => {
    const other = `sha256:${'AB'.repeat(32)}`;
    const { inputs, notices } = read({ ...direct, 'ca-pins': `${pin},\n${other}` });
    expect(inputs.endpoint).toEqual({
      kind: 'auth-server',
      address: 'auth.example.com:3025',
      caPins: [pin, other.toLowerCase()],
    });
    expect(notices).toEqual([]);
  });

  it.each([
    ['https://auth.example.com/', 'auth.example.com:3025'],
    ['auth.example.com:443', 'auth.example.com:443'],
    ['[::1]', '[::1]:3025'],
  ])('reads %s as %s', (given, address) => {
    expect(read({ ...direct, 'auth-server': given }).inputs.endpoint.address).toBe(address);
  });

  it.each<[string, InputDictionary]>([
    ['tbot-path', { version: '', 'tbot-path': '/opt/tbot' }],
    ['version: auto and tbot-path', { version: 'auto', 'tbot-path': '/opt/tbot' }],
    ['version: installed', { version: 'Installed' }],
  ])('can be the Auth Service if %s determines the version of tbot', (_, changes) => {
    expect(errorsIn({ ...direct, ...changes })).toEqual([]);
  });

  it.each<[InputDictionary, RegExp]>([
    [{ token: 'ci' }, /^Input `proxy` is required: set it to the address/],
    [{ ...direct, proxy: 'example.com' }, /Remove `auth-server`/],
    [{ ...direct, 'ca-pins': '' }, /^Input `ca-pins` is required with `auth-server`: set/],
    [{ ...direct, 'ca-pins': 'sha256:00' }, /`ca-pins` is invalid: `sha256:00` is not `sha256:`/],
    [{ ...direct, 'ca-pins': pin.replace('256', '1') }, /64 hexadecimal digits/],
    [{ ...direct, version: '' }, /`version` is invalid: `auto` requires `proxy`/],
    [{ ...direct, version: 'AUTO' }, /`version` is invalid: `auto` requires `proxy`/],
    [
      { ...direct, 'auth-server': 'http://a' },
      /is not supported, because a Teleport Auth Service requires TLS/,
    ],
    [{ ...direct, 'auth-server': '::1' }, /`\[::1\]:3025`/],
    [{ ...direct, 'auth-server': 'ssh://a' }, /Specify the Teleport Auth Service as `host:port`/],
  ])('rejects %j', (given, message) => {
    const errors = errorsIn(given);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
  });

  it('allows a comma after the last pin', () => {
    expect(read({ ...direct, 'ca-pins': `${pin},` }).inputs.endpoint).toMatchObject({
      caPins: [pin],
    });
    expect(errorsIn({ ...direct, 'ca-pins': ',' }).join()).toContain(
      '`ca-pins` is invalid: it contains only separators',
    );
  });

  it('has its errors reported together with all others', () => {
    const given = { proxy: 'http://a', 'auth-server': 'b', 'ca-pins': 'c d', timeout: 'never' };
    const names = errorsIn(given).map((line) => /^`([^`]+)`/.exec(line)?.[1]);
    // In the order of action.yml.
    expect(names).toEqual([
      'proxy',
      'token',
      'version',
      'auth-server',
      'ca-pins',
      'ca-pins',
      'timeout',
    ]);
  });
});

function plan(version: string, changes: InputDictionary = {}): Plan {
  return makePlan({
    inputs: read({ ...direct, ...changes }).inputs,
    identity: { method: 'azure', onboarding: { azure: { client_id: 'x' } } },
    tool: { path: '/opt/tbot', version, source: 'archive' },
    serverVersion: undefined,
    workdir: '/tmp/workdir',
    env: { TBOT_USE_PROXY_ADDR: 'yes', PATH: '/usr/bin' },
    debugging: false,
    caBundle: undefined,
  });
}

describe('the plan for an Auth Service', () => {
  it.each(['14.3.1', '15.1.3', '18.2.4', '19.0.0'])(
    'contains its address and the pins for tbot %s',
    (version) => {
      const { config } = plan(version);
      expect(config).toMatchObject({
        auth_server: 'auth.example.com:3025',
        onboarding: {
          join_method: 'azure',
          token: 'ci',
          ca_pins: [pin],
          azure: { client_id: 'x' },
        },
      });
      expect(config).not.toHaveProperty('proxy_server');
    },
  );

  it('starts tbot with --debug and without proxy variables', () => {
    const { args, env } = plan('18.2.4').command;
    expect(args).toEqual(['start', '--debug', '-c', '/tmp/workdir/tbot.yaml']);
    expect(env).not.toHaveProperty('TBOT_USE_PROXY_ADDR');
    expect(env).toHaveProperty('PATH');
  });

  it.each([
    ['17.2.7', 'kubernetes/v2'],
    ['17.2.6', 'kubernetes'],
  ])('depends only on tbot: %s uses %s', (version, type) => {
    expect(plan(version, { 'kubernetes-cluster': 'prod' }).services[0]?.service.type).toBe(type);
  });
});

it('reports only the version of tbot if that of the cluster is unknown', () => {
  const services = '- {type: kubernetes/v2, selectors: [{name: a}]}';
  expect(() => plan('17.2.6', { services })).toThrow(/^tbot 17\.2\.6 does not support/);
});

it('warns about a lifetime over the limit of tbot', () => {
  const [warning] = plan('17.4.5', { 'certificate-ttl': '200h' }).warnings;
  expect(warning).toBe(
    "`certificate-ttl` is 200h, but tbot 17.4.5 requests at most 168h, and the bot's `max_session_ttl` may shorten it further.",
  );
});

const endpoint: Endpoint = { kind: 'auth-server', address: 'auth.example.com:3025', caPins: [pin] };
const context: JoinContext = {
  endpoint,
  cluster: undefined,
  token: 'ci',
  identity: { method: 'github' },
  tbotVersion: '18.2.4',
  job: githubActions({}).job,
};

async function explained(
  error: string,
  before = 'INFO [TBOT]      Initializing',
): Promise<Problem> {
  return (await explainLog([before, `ERROR: ${error}`], context)).problem;
}

const mismatch =
  'cluster pin does not match any provided certificate authority pin. This could have occurred if';
const authority =
  'tls: failed to verify certificate: x509: certificate signed by unknown authority';

describe('a failure at an Auth Service', () => {
  it.each<[string, Problem['code'], RegExp, RegExp]>([
    [mismatch, 'proxy-untrusted', /^`ca-pins` does not match the cluster at auth/, /rotated/],
    [
      `provided certificate pin does not match cluster pin. This`,
      'proxy-untrusted',
      /does not match the cluster/,
      /tctl status/,
    ],
    [
      `${mismatch}, ${authority}`,
      'proxy-untrusted',
      /^`ca-pins` does not match the cluster/,
      /`proxy`/,
    ],
    [authority, 'proxy-untrusted', /or there is no Auth Service/, /`ca-pins`/],
    ['x509: certificate is valid for a, not b', 'proxy-untrusted', /no Auth Service/, /`ca-pins`/],
    ['dial tcp: lookup x: no such host', 'proxy-unreachable', /Auth Service/, /`auth-server`.*DNS/],
    ['dial tcp 10.0.0.1:3025: i/o timeout', 'proxy-unreachable', /Auth Service/, /3025/],
    ['tls: no application protocol', 'proxy-unreachable', /Auth Service/, /set `proxy`/],
    [
      'Unable to communicate with the Teleport Auth Service',
      'proxy-unreachable',
      /Auth Service/,
      /3025/,
    ],
    ['max rate reached', 'rate-limited', /^The Auth Service auth\.example\.com:3025/, /again/],
    ['token not valid yet (nbf)', 'clock', /clocks/, /timedatectl/],
    ['token expired or not found', 'token-unknown', /^The cluster has no join token/, /tctl/],
    ['client version is unsupported', 'version', /18\.2\.4/, /Set `version`/],
    ['code = Unimplemented desc = no', 'unsupported', /^The cluster does not support/, /license/],
    [`${authority}, id token claims did not match any allow rules`, 'claims-denied', /./, /./],
  ])('%s', async (error, code, what, fix) => {
    const problem = await explained(error);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(what);
    expect(problem.fix).toMatch(fix);
    expect(`${problem.message} ${problem.fix}`).not.toContain('extra-ca-file');
  });

  it('is a mismatch of the pins if only the log says so', async () => {
    const before = `INFO [TBOT]      Joining via new join service failed error:[${mismatch}]`;
    expect((await explained(authority, before)).message).toContain(
      '`ca-pins` does not match the cluster',
    );
  });
});

describe('checkPinned', () => {
  it.each([
    'INFO [AUTH]      Successfully registered via proxy server. auth/register.go:287',
    'INFO [AUTH] Successfully registered. method:via proxy server join/join.go:310',
    'INFO Failed to join cluster with a connection error, will try next method method:auth next_method:proxy',
  ])('rejects a join without pins: %j', (line) => {
    expect(() => checkPinned([line], context)).toThrow(
      expect.objectContaining({ code: 'proxy-untrusted' }),
    );
    const proxy: Endpoint = { kind: 'proxy', address: 'a:443' };
    expect(() => checkPinned([line], { endpoint: proxy })).not.toThrow();
  });

  it.each([
    'INFO [AUTH]      Successfully registered with auth server.',
    'INFO Failed to join, will try next method method:proxy next_method:auth',
    'INFO method:auth next_method:proxy\nINFO Successfully registered. method:with auth server',
  ])('accepts a join with pins: %j', (line) => {
    expect(() => checkPinned(line.split('\n'), context)).not.toThrow();
  });
});

describe('the clusters of certificates', () => {
  const proxy: Endpoint = { kind: 'proxy', address: 'a:443' };

  it('may be unknown if none is expected, or if a proxy reported the name', () => {
    expect(() => checkIssuers([undefined], undefined, endpoint)).not.toThrow();
    expect(() => checkIssuers([undefined], 'a', proxy)).not.toThrow();
    expect(() => checkIssuers([undefined, 'a'], 'a', endpoint)).not.toThrow();
  });

  it('must match the name that the proxy reported, in any case', () => {
    expect(() => checkIssuers([undefined, 'A.b'], undefined, proxy, 'a.B')).not.toThrow();
    expect(() => checkIssuers(['a', 'b'], undefined, proxy, 'a')).toThrow(
      expect.objectContaining({
        code: 'wrong-cluster',
        message: 'The proxy reported cluster `a`, but the certificate is from cluster `b`.',
      }),
    );
  });

  it.each<[string, readonly (string | undefined)[], Endpoint]>([
    ['unknown from an Auth Service', [undefined], endpoint],
    ['another from an Auth Service', ['a', 'b'], endpoint],
    ['another from a proxy', ['b'], proxy],
  ])('are rejected if one is %s', (_, clusters, by) => {
    expect(() => checkIssuers(clusters, 'a', by)).toThrow(
      expect.objectContaining({ code: 'wrong-cluster' }),
    );
  });
});
