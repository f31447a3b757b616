import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { InputErrors } from '../../src/text/input-error.ts';
import { readServices } from '../../src/services/read.ts';
import { serviceTypes } from '../../src/services/index.ts';

function mistakesIn(text: string): readonly string[] {
  try {
    readServices(text, yaml);
  } catch (error) {
    if (error instanceof InputErrors) return error.all;
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
  it('takes every type with every key', () => {
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

  it('takes no notice of a mark of byte order', () => {
    expect(read('\uFEFF- type: identity')).toEqual([{ type: 'identity' }]);
    expect(mistakesIn('\uFEFF- {clutser: x, type: identity}')[0]).toContain('line 1, column 4');
  });

  it('takes an empty value for an absent one, and blanks before the list', () => {
    expect(read('\n\n  - type: identity\n    cluster:\n    roles: ""\n')).toEqual([
      { type: 'identity' },
    ]);
    expect(read('- {type: identity, name: }')).toEqual([{ type: 'identity' }]);
  });

  it.each([
    ['type: identity', 'line 1, column 1: must be a list of services; each entry begins with `- `'],
    ['- identity', 'line 1, column 3: a service is a mapping, such as `type: application`'],
    ['- type:identity', /such as `type: application`, with a blank behind the colon/],
    ['identity', /must be a list of services; each entry begins/],
    ['- type: identity\n   cluster: a', /line 1, column 9: is not YAML.*; compare the indentation/],
    ['- type: identity\n\tcluster: a', /line 2, column 1: is not YAML: .* here is a tab$/],
    ['- type: identity\n\t\n  x y', /line 3, column 3: is not YAML: (?!.*tab)/],
    ['- type: identity\n---\n- type: identity', /is more than one document/],
    ['- {type: identity, cluster: "a\u202eb"}', /has a line break or a control character/],
    ['- name: x', 'line 1, column 3: a service needs a `type`'],
    ['- type: [identity]', 'line 1, column 9: a service needs a `type`'],
    [
      '- type: Identity',
      'line 1, column 9: there is no such type of service; did you mean `identity`?',
    ],
    ['- type: nonsense', /there are identity, application/],
    ['- type: application-tunnel', /need `mode: background`/],
    ['- type: kubernetes/argo-cd', /leaves nothing to hand over/],
    ['- type: spiffe-svid', /gone in tbot 19/],
    ['- type: constructor', /there is no such type/],
    ['- {type: app, app_name: a}', /did you mean `application`\?/],
    ['- {type: k8s}', /did you mean `kubernetes\/v2`\?/],
    [
      '- {type: kubernetes/v2, selectors: [{labels: {"a\\nb": []}}]}',
      /a label of `labels` has a control character in it/,
    ],
    ['- {type: application}', 'line 1, column 3: `application` needs `app_name`'],
    ['- {type: application, app_name: }', /`app_name` must not be empty/],
    [
      '- {type: application, app_name: x, destination: {type: memory}}',
      /column 36: `destination` is not taken/,
    ],
    ['- {type: identity, clutser: x}', /did you mean `cluster`\?/],
    ['- {type: identity, toString: x}', /`identity` has no key `toString`/],
    ['- {type: identity, "a\\u0007b": x}', /has no key of this name/],
    ['- {type: identity, ssh_config: maybe}', /must be one of on, off/],
    ['- {type: identity, allow_reissue: perhaps}', /must be true or false/],
    ['- {type: identity, cluster: {a: b}}', /must be a single value, and is a mapping/],
    ['- {type: identity, cluster: "a\\nb"}', /has a line break or a control character/],
    ['- {type: identity, credential_ttl: 1d}', /`1d` is not a duration/],
    ['- {type: identity, roles: a}', /`roles` must be a list, and is a single value/],
    ['- {type: identity, roles: [[a]]}', /`roles` must be a single value, and is a list/],
    ['- {type: identity, roles: [~]}', /`roles` must not be empty/],
    ['- {type: identity, roles: [a], delegation_session_id: b}', /exclude each other/],
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
    ['- {type: identity, name: Ü}', /nothing but lower-case letters/],
    ['- {type: identity, name: bin}', /the name `bin` is reserved/],
    ['- {type: identity, name: com1}', /reserved/],
    ['- {type: identity, name: heartbeat}', /reserved/],
    [`- {type: identity, name: ${'a'.repeat(201)}}`, /200 characters at the most/],
    ['- {type: ssh_host, principals: []}', /`principals` needs at least one entry/],
    [
      '- {type: kubernetes/v2, selectors: {name: a}}',
      /`selectors` must be a list, and is a mapping/,
    ],
    ['- {type: kubernetes/v2, selectors: [a]}', /must be a mapping, and is a single value/],
    ['- {type: kubernetes/v2, selectors: [{}]}', /needs `name` or `labels`/],
    ['- {type: kubernetes/v2, selectors: [{name: a, labels: {b: c}}]}', /not both/],
    [
      '- {type: kubernetes/v2, selectors: [{labels: [a]}]}',
      /`labels` must be a mapping, and is a list/,
    ],
    ['- {type: kubernetes/v2, selectors: [{labels: {"a\\u0000": b}}]}', /control character/],
    ['- {type: kubernetes/v2, selectors: [{nmae: a}]}', /did you mean `name`\?/],
    ['- {type: workload-identity-x509, selector: a}', /`selector` must be a mapping/],
    [
      '- {type: workload-identity-x509, selector: {labels: {a: []}}}',
      /label `a` needs at least one value/,
    ],
    ['- {type: workload-identity-jwt, selector: {name: a}, audiences: []}', /`audiences` needs/],
    [`${aws}\n  artifact_name: ../x`, /must be the plain name of a file/],
    [`${aws}\n  artifact_name: ..`, /must be the plain name of a file/],
    [`${aws}\n  session_duration: 13h`, /15m at the least and 12h at most/],
    [`${aws}\n  session_duration: 14m`, /15m at the least and 12h at most/],
    [
      `${aws}\n  session_duration: 20m\n  session_renewal_interval: 1h`,
      /`session_renewal_interval` \(1h\) must be shorter than `session_duration` \(20m\)/,
    ],
    [`${aws}\n  session_renewal_interval: 6h`, /must be shorter than `session_duration`/],
    [aws.replace('arn:aws', 'aws'), /`role_arn` must be an ARN/],
    ['- &a {type: identity}\n- *a', /line 2, column 3: an alias/],
    ['- !!map {type: identity}', /a tag/],
    ['- {type: !!str identity}', /a tag/],
    ['- {type: application, app_name: !x y}', /a tag/],
    ['- {type: ssh_host, principals: [!x y, b]}', /a tag/],
    ['- {type: ssh_host, principals: !x [y]}', /a tag/],
    ['- {type: kubernetes/v2, selectors: [!x {}]}', /a tag/],
    ['!x []', /a tag/],
    ['- {<<: {type: identity}, type: identity}', /has no key `<<`/],
    ['- {type: identity, type: identity}', /this key is there twice/],
    ['- {[a]: b, type: identity}', /a key must be a plain text/],
    ['- {? , type: identity}', /a key must be a plain text/],
    ['- {type: identity, __proto__: {allow_reissue: true}}', /no key `__proto__`/],
    ['- type: identity\n\t- x', /is not YAML/],
    ['- a\n---\n- b', /is more than one document/],
    ['[', /is not YAML/],
  ])('%j is refused', (text, expected) => {
    const found = mistakesIn(text);
    const whole = typeof expected === 'string' ? found[0] : expected.exec(found[0] ?? '');
    expect(found).toHaveLength(1);
    expect(whole).not.toBeNull();
    expect(typeof expected === 'string' ? whole : expected).toEqual(expected);
  });

  it('tells every mistake at once, in the order of the text', () => {
    const found = mistakesIn(`
- {type: databse, name: A}
- {type: application, appname: x}
- *a
- {type: database, service: [a], credential_ttl: soon}
`);
    expect(found.map((line) => /^line (\d+), column \d+: /.exec(line)?.[1])).toEqual([
      '2',
      '2',
      '3',
      '4',
      '5',
      '5',
    ]);
  });

  it('finds also what keys of other mistakes have to do with each other', () => {
    const found = mistakesIn(`
- type: kubernetes/v2
  selectors: [{}, {default_namespace: x}, {name: a, labels: {b: c}}]
  context_name: x
- {type: identity, name: same, roles: [a], delegation_session_id: b, cluster: [c]}
- {type: workload-identity-jwt, selector: {}, audiences: [[]], nme: y}
- {type: application, app_name: a, name: other}
- {type: application, app_name: b, name: other}
`);
    expect(found).toEqual([
      'line 3, column 15: `selectors` needs `name` or `labels`',
      'line 3, column 19: `selectors` needs `name` or `labels`',
      'line 3, column 43: `selectors` takes `name` or `labels`, not both',
      expect.stringContaining('line 4, column 3: `kubernetes/v2` has no key `context_name`'),
      expect.stringContaining('line 5, column 44: `roles` and `delegation_session_id` exclude'),
      'line 5, column 79: `cluster` must be a single value, and is a list',
      'line 6, column 43: `selector` needs `name` or `labels`',
      expect.stringContaining('line 6, column 59: `audiences` must be a single value'),
      expect.stringContaining('line 6, column 64: `workload-identity-jwt` has no key `nme`'),
      expect.stringContaining('line 8, column 3: the credential would be called `other`'),
    ]);
  });

  it('says nothing that follows from what it could not read', () => {
    expect(mistakesIn('- type: identity\n- {type: identity, name: Bad Name}')).toEqual([
      expect.stringContaining('line 2, column 26: a `name` has nothing but'),
    ]);
    const unread = '\n  session_duration: 12 hours\n  session_renewal_interval: 8h';
    expect(mistakesIn(`${aws}${unread}`)).toEqual([
      expect.stringContaining('`session_duration`: `12 hours` is not a duration'),
    ]);
  });

  it('finds each of several mistakes in one value', () => {
    expect(mistakesIn('- {type: kubernetes/v2, selectors: [{nme: b}, {}]}')).toEqual([
      expect.stringContaining('column 38: `selectors` has no key `nme`'),
      'line 1, column 47: `selectors` needs `name` or `labels`',
    ]);
    const labels = '{labels: {a: [], b: x}}';
    expect(mistakesIn(`- {type: workload-identity-x509, selector: ${labels}}`)).toEqual([
      expect.stringContaining('the label `a` needs at least one value'),
      expect.stringContaining('`b` must be a list'),
    ]);
  });

  it('reads no more than a person writes', () => {
    expect(mistakesIn(`- ${'a'.repeat(100_001)}`)).toEqual([
      'line 1, column 1: is longer than 100000 characters',
    ]);
    const brackets = '['.repeat(99) + ']'.repeat(99);
    expect(mistakesIn(brackets).join()).toContain('column 51: is nested deeper than 50 times');
    expect(mistakesIn('- '.repeat(300)).join()).toContain('is nested deeper than 50 times');
    expect(mistakesIn('['.repeat(50_000))).toEqual([
      expect.stringContaining('is nested too deeply'),
    ]);
    const shown = `- {type: application, app_name: "${'['.repeat(99)}"} # ${'{'.repeat(99)}`;
    expect(mistakesIn(shown)).toEqual([]);
  });

  it('is not grown by aliases', () => {
    const bomb = [
      'a: &a [x]',
      ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
        const before = 'abcdefgh'[index];
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(
      mistakesIn(`- type: identity\n- {${bomb.replaceAll('\n', ', ')}}`).length,
    ).toBeGreaterThan(9);
  });

  it('answers or throws InputErrors, whatever it is given', () => {
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
          expect(mistakesIn(text)).toBeInstanceOf(Array);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
