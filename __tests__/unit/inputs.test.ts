import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { type InputDictionary, readInputs } from '../../src/inputs/inputs.ts';
import { inputTable } from '../../src/inputs/table.ts';
import { Problem } from '../../src/problem.ts';
import { problemOf } from './problem.fixture.ts';

const smallest = { proxy: 'example.teleport.sh', token: 'ci-github' };
const sha256 = 'a'.repeat(64);

/** Returns all errors, or the message if there is only one. */
function errorsIn(dictionary: InputDictionary): readonly string[] {
  const { message, errors } = problemOf(() => readInputs(dictionary, yaml));
  return errors.length > 0 ? errors : [message];
}

/** Returns the proxy's address, or the code of the Problem. */
function outcome(dictionary: InputDictionary): string {
  try {
    return readInputs(dictionary, yaml).inputs.endpoint.address;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

const read = (changes: InputDictionary = {}) =>
  readInputs({ ...smallest, ...changes }, yaml).inputs;

describe('readInputs', () => {
  it('lists at most a hundred errors', () => {
    const services = '- {type: nonsense}\n'.repeat(250);
    const errors = errorsIn({ ...smallest, services });
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toBe('and 150 more');
  });

  it('applies the defaults', () => {
    expect(readInputs(smallest)).toEqual({
      warnings: [],
      notices: [],
      inputs: {
        endpoint: { kind: 'proxy', address: 'example.teleport.sh:443' },
        token: 'ci-github',
        joinMethod: 'auto',
        azureClientId: undefined,
        onboarding: undefined,
        services: undefined,
        kubernetesCluster: undefined,
        app: undefined,
        database: undefined,
        applicationTunnel: undefined,
        databaseTunnel: undefined,
        leafCluster: undefined,
        allowReissue: false,
        certificateTtl: 3600,
        mode: 'oneshot',
        renewalInterval: undefined,
        version: { kind: 'auto' },
        tbotPath: undefined,
        edition: 'auto',
        fips: 'auto',
        installFrom: 'auto',
        mirror: undefined,
        checksum: undefined,
        signatureKey: undefined,
        signatureExtension: 'sig',
        tools: undefined,
        extraCaFile: undefined,
        expectedCluster: undefined,
        minTtl: undefined,
        timeout: 300,
        exportEnv: true,
        dryRun: false,
        anonymousTelemetry: false,
        summary: 'on-failure',
      },
    });
  });

  it('treats an input of only whitespace as absent', () => {
    const names = Object.values(inputTable).map(({ name }) => name);
    const empty = fc.constantFrom('', ' ', '\n', '\t \n');
    fc.assert(
      fc.property(fc.array(empty, { minLength: 40, maxLength: 40 }), (values) => {
        const blank = Object.fromEntries(
          [...names, 'credential-ttl', 'disable-env-vars', 'anything'].map((name, index) => [
            name,
            values[index] ?? '',
          ]),
        );
        expect(readInputs({ ...blank, ...smallest }, yaml)).toEqual(readInputs(smallest));
      }),
    );
  });

  it('ignores the case of names, and whitespace around values', () => {
    const { inputs } = readInputs({
      PROXY: ' example.com ',
      Token: 'ci\n',
      'JOIN-METHOD': 'GitHub',
    });
    expect(inputs).toMatchObject({
      endpoint: { address: 'example.com:443' },
      token: 'ci',
      joinMethod: 'github',
    });
  });

  it('reports missing inputs', () => {
    const problem = problemOf(() => readInputs({}, yaml));
    expect(problem.message).toBe('2 inputs are invalid:');
    expect(problem.errors).toEqual([
      '`proxy` is required: set it to the address of the Teleport Proxy.',
      '`token` is required: set it to the name of a join token.',
    ]);
    expect(problem.notes).toEqual([
      expect.stringContaining('An empty input is treated as not set'),
    ]);
  });

  it('reports all errors, under the names that the workflow uses', () => {
    const wrong = {
      proxy: 'http://example.com',
      token: '/run/secrets/token',
      'join-method': 'gitlad',
      'azure-client-id': 'my-identity',
      services: '[identity]',
      'allow-reissue': 'maybe',
      'credential-ttl': '1d',
      version: 'latest',
      'tbot-path': 'a\u0007b',
      mirror: 'http://example.com',
      checksum: 'md5:00',
      'signature-key': 'a\nb',
      'signature-extension': '../sig',
      'extra-ca-file': 'a\nb',
      'expected-cluster': 'a\u2028b',
      'min-ttl': '1',
      timeout: 'never',
      'disable-env-vars': 'yes',
      'anonymous-telemetry': '2',
      summary: 'often',
      'proxi-server': 'x',
      tokn: 'x',
    };
    const problem = problemOf(() => readInputs(wrong, yaml));
    expect(problem.code).toBe('inputs');
    expect(problem.message).toBe('21 inputs are invalid:');
    const named = problem.errors.map((line) => /^`([^`]+)`/.exec(line)?.[1]);
    const expected = Object.keys(wrong).filter((name) => name !== 'proxi-server');
    expect(new Set(named)).toEqual(new Set(expected));
  });

  it.each([
    [{ timeout: '0s' }, 'Input `timeout` is invalid: the duration must be greater than zero.'],
    [
      { 'certificate-ttl': '1d' },
      'Input `certificate-ttl` is invalid: `1d` is not a Go duration (units: h, m, s, ms). Use `24h`.',
    ],
    [{ token: '' }, 'Input `token` is required: set it to the name of a join token.'],
    [{ tokne: 'x' }, 'Input `tokne` is unknown: did you mean `token`?'],
    [
      { proxy: '', 'auth-server': 'a', version: '18.2.4' },
      'Input `ca-pins` is required with `auth-server`: set it to the CA pins that `tctl status` shows.',
    ],
    [
      { services: '- type: app' },
      'Input `services` is invalid at line 1, column 9: unknown service type. Did you mean `application`?',
    ],
  ])('reports the only error as a sentence: %j', (changes, message) => {
    const problem = problemOf(() => readInputs({ ...smallest, ...changes }, yaml));
    expect(problem.message).toBe(message);
    expect(problem.errors).toEqual([]);
    expect(problem.fix).not.toContain('Correct the `with:` block');
  });

  it.each([
    ['database', '/x\npg/\n/y', ['`/x` is not', '`pg/` is not', '`/y` is not']],
    ['database', 'pg, a\nb,c', ['`pg, a` contains a comma', '`b,c` contains a comma']],
    ['app', 'a b, c, d:e, f\u0007', ['Entry 1', 'Entry 3', 'Entry 4']],
    ['kubernetes-cluster', 'a b\nc/d', ['Entry 1', 'Entry 2']],
    ['tools', 'tsh, foo, bar', ['`foo` is not', '`bar` is not']],
    ['checksum', `sha256:1\nsha256:${sha256}\nx`, ['`sha256:1` is not', '`x` is not']],
    ['ca-pins', 'a\u0007, b, c\u0007', ['control character', 'control character']],
  ])('reports every invalid entry of %s', (name, value, messages) => {
    expect(errorsIn({ ...smallest, [name]: value })).toEqual(
      messages.map((message) => expect.stringContaining(message)),
    );
  });

  it('names the only invalid input before its errors', () => {
    const { message } = problemOf(() => readInputs({ ...smallest, database: '/x\npg/' }, yaml));
    expect(message).toBe('Input `database` has 2 errors:');
  });

  it('reports a short lifetime as a notice', () => {
    const services =
      '- type: identity\n- {type: application, app_name: a, credential_ttl: 45s, renewal_interval: 15s}';
    expect(readInputs({ ...smallest, 'certificate-ttl': '59s', services }, yaml).notices).toEqual([
      '`certificate-ttl` is 59s: the credentials will probably expire before the next step.',
      '`credential_ttl` of `services` at line 2, column 3 is 45s: the credentials will probably expire before the next step.',
    ]);
    expect(readInputs({ ...smallest, 'certificate-ttl': '1m' }).notices).toEqual([]);
    const background = { ...smallest, mode: 'background', 'certificate-ttl': '59s' };
    expect(readInputs(background).notices).toEqual([]);
  });

  it('never shows the value of the token', () => {
    for (const token of ['/etc/hunter2', 'hunter2 hunter2', 'hunter2\nx', 'hunter2\u0000'])
      expect(errorsIn({ ...smallest, token }).join('\n')).not.toContain('hunter2');
  });
});

describe('an unknown input', () => {
  it.each([
    ['proxi', 'proxy'],
    ['join_method', 'join-method'],
    ['joinmethod', 'join-method'],
    ['certificate_ttl', 'certificate-ttl'],
    ['credential-tll', 'credential-ttl'],
    ['disable-env-var', 'disable-env-vars'],
    ['azure-clientid', 'azure-client-id'],
  ])('%s: did you mean %s?', (name, meant) => {
    expect(errorsIn({ ...smallest, [name]: 'x' })).toEqual([
      `Input \`${name}\` is unknown: did you mean \`${meant}\`?`,
    ]);
  });

  it('causes only a warning if no input is similar', () => {
    const { warnings } = readInputs({ ...smallest, 'proxy-protocol': '2', colour: 'red' });
    expect(warnings).toEqual([
      '`proxy-protocol` is not an input of this action and is ignored.',
      '`colour` is not an input of this action and is ignored.',
    ]);
  });
});

describe('an alias', () => {
  it('sets the same value', () => {
    expect(read({ 'credential-ttl': '2h' }).certificateTtl).toBe(7200);
    expect(read({ 'disable-env-vars': 'true' }).exportEnv).toBe(false);
    expect(read({ 'disable-env-vars': '0' }).exportEnv).toBe(true);
  });

  it('can be set together with the input if both values are equal', () => {
    expect(read({ 'certificate-ttl': '60m', 'credential-ttl': '1h' }).certificateTtl).toBe(3600);
    expect(read({ 'export-env': 'False', 'disable-env-vars': '1' }).exportEnv).toBe(false);
  });

  it.each([
    [
      { 'certificate-ttl': '1h', 'credential-ttl': '2h' },
      '`certificate-ttl` is invalid: it contradicts its alias `credential-ttl`',
    ],
    [
      { 'export-env': 'true', 'disable-env-vars': 'true' },
      '`export-env` is invalid: it contradicts its alias `disable-env-vars`',
    ],
  ])('cannot contradict the input: %j', (given, message) => {
    expect(errorsIn({ ...smallest, ...given }).join('\n')).toContain(message);
  });
});

describe('values', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['0', false],
  ])('boolean %s', (text, value) => {
    expect(read({ 'allow-reissue': text }).allowReissue).toBe(value);
  });

  it.each(['yes', 'no', 'on', 'off', 'y', 't', '2', '01', 'true false', 'null'])(
    'boolean %s is rejected',
    (text) => {
      expect(errorsIn({ ...smallest, 'allow-reissue': text })[0]).toContain(
        'is not `true` or `false`',
      );
    },
  );

  it.each([
    ['auto', { kind: 'auto' }],
    ['Installed', { kind: 'installed' }],
    ['18.2.4', { kind: 'exact', version: '18.2.4' }],
    ['v18.2.4', { kind: 'exact', version: '18.2.4' }],
    ['15.0.0-dev', { kind: 'exact', version: '15.0.0-dev' }],
    ['18.0.0-rc.1', { kind: 'exact', version: '18.0.0-rc.1' }],
  ])('version %s', (text, version) => {
    expect(read({ version: text }).version).toEqual(version);
  });

  it.each([
    '18',
    '18.2',
    'latest',
    '^18.0.0',
    '18.2.4/..',
    '18.2.4-a/../b',
    '>=18.0.0',
    '18.2.4 x',
  ])('version %j is rejected', (version) => {
    expect(errorsIn({ ...smallest, version })[0]).toContain('`version`');
  });

  it.each([
    ['https://mirror.example.com/teleport/', 'https://mirror.example.com/teleport'],
    ['https://mirror.example.com', 'https://mirror.example.com'],
    ['http://127.0.0.1:8080/x//', 'http://127.0.0.1:8080/x'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    [
      'registry.example.com/teleport/tbot-distroless',
      'registry.example.com/teleport/tbot-distroless',
    ],
    ['Registry.example.com:5000/tbot', 'registry.example.com:5000/tbot'],
    ['localhost/a/b_c/d-e', 'localhost/a/b_c/d-e'],
  ])('mirror %s', (text, mirror) => {
    expect(read({ mirror: text }).mirror).toBe(mirror);
  });

  it.each([
    'mirror.example.com',
    'http://mirror.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://localhost@example.com',
    'ftp://mirror.example.com',
    'file:///etc',
    'https://user:pass@mirror.example.com',
    'https://mirror.example.com/?x=1',
    'https://mirror.example.com/#x',
    'teleport/tbot-distroless',
    'registry.example.com/tbot:18.2.4',
    'registry.example.com/tbot@sha256:00',
    'registry.example.com/Tbot',
    'registry.example.com/../tbot',
    'user@registry.example.com/tbot',
    '/tbot',
  ])('mirror %s is rejected', (text) => {
    expect(errorsIn({ ...smallest, mirror: text })[0]).toContain('`mirror`');
  });

  it.each([
    ['tsh', ['tsh']],
    ['tsh, TCTL', ['tsh', 'tctl']],
    ['tctl\ntsh tctl', ['tctl', 'tsh']],
    ['tbot', []],
  ])('tools %j', (text, tools) => {
    expect(read({ tools: text }).tools).toEqual(tools);
  });

  it('fips accepts auto, true and false', () => {
    const read3 = ['AUTO', '1', 'False'].map((fips) => read({ fips }).fips);
    expect(read3).toEqual(['auto', true, false]);
    expect(errorsIn({ ...smallest, fips: 'yes' })[0]).toContain('`fips`');
  });

  it('reads several checksums, one per line, in any case', () => {
    const checksum = `SHA256:${'A'.repeat(64)}\r\n\n  sha256:${'b'.repeat(64)}  `;
    expect(read({ checksum, version: '18.2.4', 'install-from': 'archive' }).checksum).toEqual([
      'a'.repeat(64),
      'b'.repeat(64),
    ]);
  });

  it.each([
    sha256,
    `sha256:${sha256}0`,
    `sha256:${sha256.slice(1)}`,
    `sha512:${sha256}`,
    'sha256:',
  ])('checksum %s is rejected', (checksum) => {
    expect(errorsIn({ ...smallest, checksum, version: '18.2.4' })[0]).toContain('`checksum`');
  });

  it.each(['[]', '[ ]', '[\n]'])('services %j is an empty list', (services) => {
    expect(read({ services }).services).toEqual([]);
  });

  it.each(['{}', '- type: identities', 'none', '[[]]', '[] []'])(
    'services %j is rejected',
    (services) => {
      expect(errorsIn({ ...smallest, services })[0]).toContain('`services`');
    },
  );

  it('converts a client ID to lower case', () => {
    const id = '22222222-AAAA-2222-2222-222222222222';
    expect(read({ 'azure-client-id': id }).azureClientId).toBe(id.toLowerCase());
  });

  it('reads words in any case, with dashes or underscores', () => {
    expect(read({ 'join-method': 'AZURE' }).joinMethod).toBe('azure');
    expect(read({ summary: 'ON_FAILURE' }).summary).toBe('on-failure');
  });
});

describe('conflicts between inputs', () => {
  const clientId = '22222222-2222-2222-2222-222222222222';

  it.each([
    [{ 'join-method': 'github', 'azure-client-id': clientId }, 'azure-client-id'],
    [{ checksum: `sha256:${sha256}` }, 'checksum'],
    [{ checksum: `sha256:${sha256}`, version: 'installed' }, 'checksum'],
    [{ checksum: `sha256:${sha256}`, version: '18.2.4' }, 'checksum'],
    [{ 'install-from': 'archive', mirror: 'registry.example.com/tbot' }, 'mirror'],
    [{ 'install-from': 'image', mirror: 'https://example.com' }, 'mirror'],
    [{ 'install-from': 'image', tools: 'tsh' }, 'tools'],
    [{ mirror: 'registry.example.com/tbot', tools: 'tsh' }, 'tools'],
    [{ edition: 'oss', fips: 'true' }, 'fips'],
    [{ 'tbot-path': '/opt/tbot', tools: 'tsh' }, 'tools'],
    [{ 'tbot-path': '/opt/tbot', edition: 'oss' }, 'edition'],
    [{ version: 'installed', 'install-from': 'image' }, 'install-from'],
    [{ 'min-ttl': '2h' }, 'min-ttl'],
    [{ 'min-ttl': '30m', 'credential-ttl': '10m' }, 'min-ttl'],
    [{ 'tbot-path': '/opt/tbot', mirror: 'https://example.com' }, 'mirror'],
    [{ version: 'installed', mirror: 'https://example.com' }, 'mirror'],
    [{ 'tbot-path': '/opt/tbot', version: '18.2.4', checksum: `sha256:${sha256}` }, 'checksum'],
    [{ 'tbot-path': '/opt/tbot', version: 'installed' }, 'tbot-path'],
    [{ 'tbot-path': '/opt/tbot', 'signature-key': '/opt/keys.pem' }, 'signature-key'],
    [{ version: 'installed', 'signature-key': '/opt/keys.pem' }, 'signature-key'],
    [{ version: 'installed', 'signature-extension': 'asc' }, 'signature-extension'],
    [{ 'signature-extension': 'asc' }, 'signature-extension'],
    [
      {
        'signature-key': '/opt/keys.pem',
        'signature-extension': 'asc',
        mirror: 'registry.example.com/tbot',
      },
      'signature-extension',
    ],
  ])('%j', (given, named) => {
    const { message, errors } = problemOf(() => readInputs({ ...smallest, ...given }, yaml));
    expect([message, ...errors].join('\n')).toMatch(new RegExp(`\`${named}\`(:| is| has)`));
  });

  it.each([
    { 'join-method': 'auto', 'azure-client-id': clientId },
    { 'join-method': 'azure', 'azure-client-id': clientId },
    {
      checksum: `sha256:${sha256}`,
      version: '18.2.4',
      'install-from': 'archive',
      mirror: 'https://example.com',
    },
    { 'install-from': 'image', mirror: 'registry.example.com/tbot', edition: 'oss' },
    { tools: 'tsh, tctl', mirror: 'https://example.com', edition: 'cloud', fips: 'true' },
    { 'tbot-path': '/opt/tbot', tools: 'tbot', fips: '1' },
    { 'min-ttl': '1h' },
    { 'tbot-path': '/opt/tbot', version: '18.2.4' },
  ])('do not include %j', (given) => {
    expect(() => read(given)).not.toThrow();
  });

  it('are all reported', () => {
    const given = {
      'join-method': 'github',
      'azure-client-id': clientId,
      'min-ttl': '2h',
      'tbot-path': '/opt/tbot',
      mirror: 'https://example.com',
    };
    expect(errorsIn({ ...smallest, ...given })).toHaveLength(3);
  });
});

/** Two tunnels with the same port. */
function tunnels(port: number): string {
  return ['127.0.0.1', 'localhost']
    .map((host) => `{type: application-tunnel, app_name: ${host}, listen: "tcp://${host}:${port}"}`)
    .join();
}

describe('the mode', () => {
  const background = { ...smallest, mode: 'background' };
  it('is read in any case, with the interval in seconds', () => {
    expect(read({ mode: 'Background', 'renewal-interval': '5m' })).toMatchObject({
      mode: 'background',
      renewalInterval: 300,
    });
    expect(errorsIn({ ...smallest, mode: 'backgruond' })[0]).toContain(
      'Did you mean `background`?',
    );
  });

  it.each([
    [
      { 'renewal-interval': '5m' },
      /`renewal-interval` is invalid: it requires `mode: background`, because oneshot mode renews nothing/,
    ],
    [{ 'application-tunnel': 'a, b' }, /`application-tunnel` is invalid: .*Set `mode: background`/],
    [{ 'database-tunnel': 'a/b/c' }, /`database-tunnel` is invalid: .*Set `mode: background`/],
    [
      { services: '- type: identity\n- type: ssh-multiplexer' },
      /^Input `services` is invalid at line 2, column 3: `ssh-multiplexer` works only while tbot runs, .*\. Set `mode: background`\.$/,
    ],
    [
      { services: '[{type: workload-identity-api, selector: {name: a}}]' },
      /`workload-identity-api` works only while tbot runs/,
    ],
  ])('oneshot does not accept %j', (given, expected) => {
    const errors = errorsIn({ ...smallest, ...given });
    expect(errors).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    [{ 'renewal-interval': '61m' }, /it is longer than `certificate-ttl` \(1h\)/],
    [{ 'renewal-interval': '2m', 'certificate-ttl': '1m' }, /longer than `certificate-ttl` \(1m\)/],
    [{ services: '[]' }, /`\[\]` cannot be combined with `mode: background`/],
    [
      { services: '- {type: identity, credential_ttl: 10m, renewal_interval: 11m}' },
      /line 1, column 3: `renewal_interval` \(11m\) is longer than the certificate lifetime \(10m\)/,
    ],
    [
      { services: '- {type: identity, renewal_interval: 2h}' },
      /`renewal_interval` \(2h\) is longer than the certificate lifetime \(1h\)/,
    ],
    [
      {
        services:
          '- {type: application-proxy, credential_lifetime: {credential_ttl: 1m, renewal_interval: 2m}}',
      },
      /`renewal_interval` \(2m\) is longer than the certificate lifetime \(1m\)/,
    ],
    [
      { services: `[${tunnels(80)}]` },
      /column \d+: port 80 is already used by `services` at line 1, column 2/,
    ],
    [{ 'application-tunnel': 'a', 'leaf-cluster': 'b' }, /cannot be combined with `leaf-cluster`/],
    [{ 'database-tunnel': 'a/b/c', 'leaf-cluster': 'b' }, /cannot be combined with `leaf-cluster`/],
    [
      { 'database-tunnel': 'a/b' },
      /`a\/b` is not `service\/database\/username`\. A tunnel requires/,
    ],
  ])('background does not accept %j', (given, expected) => {
    expect(errorsIn({ ...background, ...given })).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    { 'renewal-interval': '1h' },
    { 'renewal-interval': '2h', 'certificate-ttl': '2h' },
    { services: '[]', app: 'a' },
    { services: '- {type: identity, credential_ttl: 3h, renewal_interval: 2h}' },
    { 'application-tunnel': 'a', 'database-tunnel': 'a/b/c/d', 'dry-run': 'true' },
    { services: `[${tunnels(0)}]` },
  ])('background accepts %j', (given) => {
    expect(read({ ...background, ...given }).mode).toBe('background');
  });

  it('is not compared with other inputs if it is invalid', () => {
    expect(errorsIn({ ...smallest, mode: 'x', 'application-tunnel': 'a' })).toEqual([
      expect.stringContaining('Input `mode` is invalid'),
    ]);
  });
});

it('reports an invalid alias under its own name', () => {
  const both = { ...smallest, 'export-env': 'true', 'disable-env-vars': 'maybe' };
  expect(errorsIn(both)).toEqual([
    expect.stringContaining('Input `disable-env-vars` is invalid: `maybe`'),
  ]);
});

describe('errors in values and conflicts', () => {
  it('are all reported, in the order of action.yml', () => {
    const given = {
      ...smallest,
      'join-method': 'github',
      'azure-client-id': '22222222-2222-2222-2222-222222222222',
      'certificate-ttl': '1h',
      'min-ttl': '2h',
      app: 'a',
      'leaf-cluster': 'b',
      timeout: 'never',
    };
    const names = errorsIn(given).map((line) => /^`([^`]+)`/.exec(line)?.[1]);
    expect(names).toEqual(['azure-client-id', 'app', 'min-ttl', 'timeout']);
  });

  it.each([
    [{ 'join-method': 'nope', onboarding: 'gitlab: {token_env_var_name: A}' }, 'join-method'],
    [{ 'join-method': 'generic_oidc', onboarding: 'generic_oidc: {env: [a]}' }, 'onboarding'],
    [{ version: 'x', checksum: `sha256:${sha256}`, 'install-from': 'image' }, 'version'],
    [{ 'certificate-ttl': 'x', 'min-ttl': '2h' }, 'certificate-ttl'],
    [{ edition: 'x', 'tbot-path': '/opt/tbot' }, 'edition'],
    [{ 'install-from': 'x', 'tbot-path': '/opt/tbot' }, 'install-from'],
    [{ services: '- {type: nope}', app: 'a' }, 'services'],
    [{ 'tbot-path': 'a\u0007b', version: '18.2.4' }, 'tbot-path'],
  ])('do not cause further errors: %j', (given, name) => {
    const [only = ''] = errorsIn({ ...smallest, ...given });
    expect(errorsIn({ ...smallest, ...given })).toHaveLength(1);
    expect(only).toContain(`\`${name}\``);
  });
});

it('returns or throws a Problem for any inputs', () => {
  const names = Object.values(inputTable).map(({ name }) => name);
  const name = fc.oneof(fc.constantFrom(...names, 'credential-ttl', '__proto__'), fc.string());
  const value = fc.oneof(
    fc.constantFrom('true', '1h', '[]', 'https://example.com', 'auto', '18.0.0', '::error::x'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (entries) => {
      expect(outcome(Object.fromEntries(entries))).toMatch(/^(inputs|.+:\d+)$/);
    }),
    { numRuns: 300 },
  );
});
