import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { InputErrors, placeName } from '../../src/text/input-error.ts';
import { readServices } from '../../src/services/read.ts';
import { serviceTypes } from '../../src/services/index.ts';

function errorsIn(text: string): readonly string[] {
  try {
    readServices(text, yaml);
  } catch (error) {
    if (error instanceof InputErrors)
      return error.all.map(({ at, message }) => (at ? `${placeName(at)}: ${message}` : message));
    throw error;
  }
  return [];
}

const read = (text: string) => readServices(text, yaml).map(({ service }) => service);

const arns = ['role', 'profile', 'trust_anchor'].map(
  (name) => `  ${name}_arn: arn:aws:rolesanywhere:us-east-1:1:${name}/1`,
);
const aws = ['- type: workload-identity-aws-roles-anywhere', '  selector: {name: a}', ...arns].join(
  '\n',
);

describe('readServices', () => {
  it('reads every type with every key', () => {
    const text = `
- {type: identity, name: mine, cluster: leaf, ssh_config: off, allow_reissue: yes, roles: [a], credential_ttl: 1h, renewal_interval: 10m}
- {type: application, app_name: 010, specific_tls_naming: true, delegation_session_id: x}
- {type: database, service: pg, database: d, username: "a,b/c", format: cockroach}
- {type: kubernetes, kubernetes_cluster: prod, disable_exec_plugin: true}
- {type: kubernetes/v2, selectors: [{name: a, default_namespace: n}, {labels: {a: b}}], context_name_template: "{{.KubeName}}", relay_server: r:1, disable_exec_plugin: false}
- {type: ssh_host, principals: [a, b], ca_type: openssh}
- {type: workload-identity-x509, selector: {name: a}, include_federated_trust_bundles: true, trust_domains: [app_client]}
- {type: workload-identity-jwt, selector: {labels: {a: [b, c]}}, audiences: [x]}
${aws}
  region: eu-west-1
  session_duration: 2h
  session_renewal_interval: 30m
  credential_profile_name: p
  artifact_name: creds
  overwrite_credential_file: true
`;
    const services = read(text);
    expect(services.map(({ type }) => type)).toEqual(serviceTypes.map(({ type }) => type));
    const given = new Set(services.flatMap((service) => Object.keys(service)));
    const known = serviceTypes.flatMap(({ fields }) => Object.keys(fields));
    expect(given).toEqual(new Set([...known, 'type']));
    expect(services.slice(0, 2)).toEqual([
      {
        type: 'identity',
        cluster: 'leaf',
        ssh_config: 'off',
        allow_reissue: true,
        roles: ['a'],
        credential_ttl: 3600,
        renewal_interval: 600,
      },
      {
        type: 'application',
        app_name: '010',
        specific_tls_naming: true,
        delegation_session_id: 'x',
      },
    ]);
    expect(readServices(text, yaml)[0]).toMatchObject({
      name: 'mine',
      input: 'services',
      at: { line: 2, column: 3 },
    });
  });

  it('ignores a byte order mark', () => {
    expect(read('\uFEFF- type: identity')).toEqual([{ type: 'identity' }]);
    expect(errorsIn('\uFEFF- {clutser: x, type: identity}')[0]).toContain('line 1, column 4');
  });

  it('treats an empty value as absent, and allows spaces before the list', () => {
    expect(read('\n\n  - type: identity\n    cluster:\n    roles: ""\n')).toEqual([
      { type: 'identity' },
    ]);
    expect(read('- {type: identity, name: }')).toEqual([{ type: 'identity' }]);
  });

  it.each([
    ['type: identity', 'line 1, column 1: the value must be a list. Begin each entry with `- `'],
    ['- identity', 'line 1, column 3: an entry must be a mapping, such as `type: application`'],
    ['- type:identity', /such as `type: application`. Add a space after the colon/],
    ['identity', /must be a list. Begin each entry/],
    [
      'version: v2\nonboarding: {token: a}\nservices:\n- type: identity',
      'line 3, column 1: the value is a mapping, not a list. Paste only the list under `services:`',
    ],
    ['outputs: []', /^line 1, column 1: .*Paste only the list under `outputs:`$/],
    ['version: v2', /must be a list/],
    ['- {type: identity, cluster: "a\u202eb"}', /contains a line break or a control character/],
    ['- name: x', 'line 1, column 3: a service requires `type`'],
    ['- type: [identity]', 'line 1, column 9: a service requires `type`'],
    ['- type: Identity', 'line 1, column 9: unknown service type. Did you mean `identity`?'],
    ['- type: nonsense', /Known types: identity, application/],
    ['- type: application-tunnel', /requires `mode: background`/],
    ['- type: kubernetes/argo-cd', /and no files/],
    ['- type: spiffe-svid', /tbot 19 does not have it/],
    ['- type: constructor', /unknown service type/],
    ['- {type: app, app_name: a}', /Did you mean `application`\?/],
    ['- {type: k8s}', /Did you mean `kubernetes\/v2`\?/],
    [
      '- {type: kubernetes/v2, selectors: [{labels: {"a\\nb": []}}]}',
      /the name of a label in `labels` contains a control character/,
    ],
    ['- {type: application}', 'line 1, column 3: `application` requires `app_name`'],
    [
      '- {type: application, name: x}',
      /`application` requires `app_name`\. `name` is only the name of the credential$/,
    ],
    ['- {type: application, app_name: }', /`app_name` must not be empty/],
    [
      '- {type: application, app_name: x, destination: {type: memory}}',
      /column 36: remove `destination`/,
    ],
    ['- {type: identity, clutser: x}', /Did you mean `cluster`\?/],
    ['- {type: identity, toString: x}', /`identity` has no key `toString`/],
    ['- {type: identity, "a\\u0007b": x}', /has no such key/],
    ['- {type: identity, ssh_config: maybe}', /must be one of on, off/],
    ['- {type: identity, allow_reissue: perhaps}', /must be `true` or `false`/],
    ['- {type: identity, cluster: {a: b}}', /must be a single value, but is a mapping/],
    ['- {type: identity, cluster: "a\\nb"}', /contains a line break or a control character/],
    ['- {type: identity, credential_ttl: 1d}', /`1d` is not a Go duration/],
    ['- {type: identity, roles: a}', /`roles` must be a list, but is a single value/],
    ['- {type: identity, roles: [[a]]}', /`roles` must be a single value, but is a list/],
    ['- {type: identity, roles: [~]}', /`roles` must not be empty/],
    ['- {type: identity, roles: [a], delegation_session_id: b}', /cannot be combined with `roles`/],
    [
      '- {type: workload-identity-x509, selector: {name: a}, trust_domains: {app_client: [a]}}',
      /`trust_domains` must be a list/,
    ],
    [
      '- {type: workload-identity-x509, selector: {name: a}, trust_domains: [app_client, b]}',
      /column \d+: an entry of `trust_domains` must be one of app_client/,
    ],
    [
      '- {type: workload-identity-x509, selector: {name: a}, trust_domains: [[a]]}',
      /`trust_domains` must be a single value/,
    ],
    ['- {type: beams/vnet}', /mode: background/],
    ['- {type: identity, name: Ü}', /only lowercase letters/],
    ['- {type: identity, name: bin}', /the credential name `bin` is reserved/],
    ['- {type: identity, name: com1}', /reserved/],
    ['- {type: identity, name: heartbeat}', /reserved/],
    [`- {type: identity, name: ${'a'.repeat(201)}}`, /at most 200 characters/],
    ['- {type: ssh_host, principals: []}', /`principals` must have at least one entry/],
    [
      '- {type: kubernetes/v2, selectors: {name: a}}',
      /`selectors` must be a list, but is a mapping/,
    ],
    [
      '- {type: kubernetes/v2, selectors: [a]}',
      /an entry of `selectors` must be a mapping, but is a single value/,
    ],
    ['- {type: kubernetes/v2, selectors: [{}]}', /requires `name` or `labels`/],
    ['- {type: kubernetes/v2, selectors: [{name: a, labels: {b: c}}]}', /not both/],
    [
      '- {type: kubernetes/v2, selectors: [{labels: [a]}]}',
      /`labels` must be a mapping, but is a list/,
    ],
    ['- {type: kubernetes/v2, selectors: [{labels: {"a\\u0000": b}}]}', /control character/],
    ['- {type: kubernetes/v2, selectors: [{nmae: a}]}', /Did you mean `name`\?/],
    ['- {type: workload-identity-x509, selector: a}', /`selector` must be a mapping/],
    [
      '- {type: workload-identity-x509, selector: {labels: {a: []}}}',
      /label `a` must have at least one value/,
    ],
    [
      '- {type: workload-identity-jwt, selector: {name: a}, audiences: []}',
      /`audiences` must have/,
    ],
    [`${aws}\n  artifact_name: ../x`, /must be a file name without a directory/],
    [`${aws}\n  artifact_name: ..`, /must be a file name without a directory/],
    [`${aws}\n  session_duration: 13h`, /must be from `15m` to `12h`/],
    [`${aws}\n  session_duration: 14m`, /must be from `15m` to `12h`/],
    [
      `${aws}\n  session_duration: 20m\n  session_renewal_interval: 1h`,
      /`session_renewal_interval` \(1h\) must be shorter than `session_duration` \(20m\)/,
    ],
    [`${aws}\n  session_renewal_interval: 6h`, /must be shorter than `session_duration`/],
    [aws.replace('arn:aws', 'aws'), /`role_arn` must be an ARN/],
    ['- &a {type: identity}\n- *a', /line 2, column 3: aliases \(/],
    ['- !!map {type: identity}', /tags \(/],
    ['- {type: !!str identity}', /tags \(/],
    ['- {type: application, app_name: !x y}', /tags \(/],
    ['- {type: ssh_host, principals: [!x y, b]}', /tags \(/],
    ['- {type: ssh_host, principals: !x [y]}', /tags \(/],
    ['- {type: kubernetes/v2, selectors: [!x {}]}', /tags \(/],
    ['!x []', /tags \(/],
    ['- {<<: {type: identity}, type: identity}', /has no key `<<`/],
    [
      '- {type: identity, type: identity}',
      /column 20: this key is a duplicate of the one at line 1, column 4/,
    ],
    ['- {[a]: b, type: identity}', /a key must be text/],
    ['- {? , type: identity}', /a key must be text/],
    ['- {type: identity, __proto__: {allow_reissue: true}}', /no key `__proto__`/],
  ])('rejects %j', (text, expected) => {
    const errors = errorsIn(text);
    const whole = typeof expected === 'string' ? errors[0] : expected.exec(errors[0] ?? '');
    expect(errors).toHaveLength(1);
    expect(whole).not.toBeNull();
    expect(typeof expected === 'string' ? whole : expected).toEqual(expected);
  });

  it.each([
    ['{type: application, app: x}', 'app_name'],
    ['{type: database, service: pg, user: x}', 'username'],
    ['{type: database, service: pg, db: x}', 'database'],
    ['{type: database, service_name: pg}', 'service'],
    ['{type: kubernetes, cluster: x}', 'kubernetes_cluster'],
    ['{type: kubernetes/v2, cluster: x}', 'selectors'],
    ['{type: identity, ttl: 1h}', 'credential_ttl'],
    ['{type: workload-identity-jwt, selector: {name: a}, audience: x}', 'audiences'],
  ])('suggests the full key for the short form in %s', (entry, key) => {
    expect(errorsIn(`- ${entry}`)).toEqual([expect.stringContaining(`Did you mean \`${key}\`?`)]);
  });

  it('reports all errors, in the order of the text', () => {
    const errors = errorsIn(`
- {type: databse, name: A}
- {type: application, appname: x}
- *a
- {type: database, service: [a], credential_ttl: soon}
`);
    expect(errors.map((line) => /^line (\d+), column \d+: /.exec(line)?.[1])).toEqual([
      '2',
      '2',
      '3',
      '4',
      '5',
      '5',
    ]);
  });

  it('reports conflicts between keys together with other errors', () => {
    const errors = errorsIn(`
- type: kubernetes/v2
  selectors: [{}, {default_namespace: x}, {name: a, labels: {b: c}}]
  context_name: x
- {type: identity, name: same, roles: [a], delegation_session_id: b, cluster: [c]}
- {type: workload-identity-jwt, selector: {}, audiences: [[]], nme: y}
- {type: application, app_name: a, name: other}
- {type: application, app_name: b, name: other}
`);
    expect(errors).toEqual([
      'line 3, column 15: `selectors` requires `name` or `labels`',
      'line 3, column 19: `selectors` requires `name` or `labels`',
      'line 3, column 43: `selectors` must have `name` or `labels`, not both',
      expect.stringContaining('line 4, column 3: `kubernetes/v2` has no key `context_name`'),
      expect.stringContaining(
        'line 5, column 44: `delegation_session_id` cannot be combined with `roles`',
      ),
      'line 5, column 79: `cluster` must be a single value, but is a list',
      'line 6, column 43: `selector` requires `name` or `labels`',
      expect.stringContaining('line 6, column 59: `audiences` must be a single value'),
      expect.stringContaining('line 6, column 64: `workload-identity-jwt` has no key `nme`'),
      expect.stringContaining('line 8, column 3: the credential name `other` is already used'),
    ]);
  });

  it('reports no errors that follow from others', () => {
    expect(errorsIn('- type: identity\n- {type: identity, name: Bad Name}')).toEqual([
      expect.stringContaining('line 2, column 26: a credential name may contain only'),
    ]);
    const unread = '\n  session_duration: 12 hours\n  session_renewal_interval: 8h';
    expect(errorsIn(`${aws}${unread}`)).toEqual([
      expect.stringContaining('`session_duration`: `12 hours` is not a Go duration'),
    ]);
  });

  it('reports several errors in one value', () => {
    expect(errorsIn('- {type: kubernetes/v2, selectors: [{nme: b}, {}]}')).toEqual([
      expect.stringContaining('column 38: `selectors` has no key `nme`'),
      'line 1, column 47: `selectors` requires `name` or `labels`',
    ]);
    const labels = '{labels: {a: [], b: x}}';
    expect(errorsIn(`- {type: workload-identity-x509, selector: ${labels}}`)).toEqual([
      expect.stringContaining('the label `a` must have at least one value'),
      expect.stringContaining('`b` must be a list'),
    ]);
  });

  it('limits length and depth', () => {
    expect(errorsIn(`- ${'a'.repeat(100_001)}`)).toEqual([
      'line 1, column 1: the text is longer than 100000 characters',
    ]);
    const brackets = '['.repeat(99) + ']'.repeat(99);
    expect(errorsIn(brackets).join()).toContain('column 51: the text has more than 50 levels');
    expect(errorsIn('- '.repeat(300)).join()).toContain('the text has more than 50 levels');
    expect(errorsIn('['.repeat(50_000))).toEqual([
      expect.stringContaining('the text has too many levels'),
    ]);
    const shown = `- {type: application, app_name: "${'['.repeat(99)}"} # ${'{'.repeat(99)}`;
    expect(errorsIn(shown)).toEqual([]);
  });

  it('does not expand aliases', () => {
    const bomb = [
      'a: &a [x]',
      ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
        const before = 'abcdefgh'[index];
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(errorsIn(`- type: identity\n- {${bomb.replaceAll('\n', ', ')}}`).length).toBeGreaterThan(
      9,
    );
  });

  it('returns or throws InputErrors for any text', () => {
    const word = fc.constantFrom(
      '- ',
      'type: ',
      'identity',
      'kubernetes/v2',
      'selectors',
      ': ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a',
      '!!binary ',
      '<<',
      '"',
      "'",
      '|',
      '>',
      '#',
      '---',
      '~',
      '__proto__',
      '\t',
      '\u0000',
      '\ud800',
      '%YAML 3',
      '? ',
      '1e999',
      '0x1',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word).map((words) => words.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(errorsIn(text)).toBeInstanceOf(Array);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
