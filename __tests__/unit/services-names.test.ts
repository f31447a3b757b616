import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { checkName, named } from '../../src/services/names.ts';
import { credentialNames } from '../../src/services/requests.ts';
import { parseDatabases, parseNames, requestsFor } from '../../src/services/shorthands.ts';
import { problemOf } from './problem.fixture.ts';

const v2 = { type: 'kubernetes/v2', selfContained: true } as const;
const v1 = { type: 'kubernetes', selfContained: false } as const;

function namesFor(given: Readonly<Record<string, string>>, support: typeof v1 | typeof v2 = v2) {
  const { inputs } = readInputs({ proxy: 'a', token: 'b', ...given }, yaml);
  return named(requestsFor(inputs, support)).flatMap(credentialNames);
}

function errorsIn(given: Readonly<Record<string, string>>): readonly string[] {
  const { message, errors } = problemOf(() =>
    readInputs({ proxy: 'a', token: 'b', ...given }, yaml),
  );
  return errors.length > 0 ? errors : [message];
}

describe('names', () => {
  it.each([
    ['- type: identity', ['identity']],
    ['- {type: identity, cluster: Leaf.example.com}', ['identity-leaf-example-com']],
    ['- {type: application, app_name: "A b/c"}', ['application-a-b-c']],
    ['- {type: database, service: pg}', ['database-pg']],
    ['- {type: database, service: pg, username: u}', ['database-pg-u']],
    ['- {type: kubernetes/v2, selectors: [{name: a}]}', ['kubernetes-v2-a']],
    ['- {type: kubernetes/v2, selectors: [{name: a}, {name: b}]}', ['kubernetes-v2']],
    ['- {type: kubernetes/v2, selectors: [{labels: {a: b}}]}', ['kubernetes-v2']],
    ['- {type: ssh_host, principals: [node_1, b]}', ['ssh_host-node_1']],
    ['- {type: workload-identity-x509, selector: {name: a}}', ['workload-identity-x509-a']],
    ['- {type: identity, name: mine}', ['mine']],
    ['[]', []],
  ])('%s', (services, expected) => {
    expect(namesFor({ services })).toEqual(expected);
  });

  it('must be unique across all inputs', () => {
    expect(errorsIn({ services: '- type: identity\n- type: identity' })).toEqual([
      expect.stringContaining(
        '`services` is invalid at line 2, column 3: the credential name `identity` is already used by `services` at line 1, column 3. Remove one of them, or set another `name` in `services`.',
      ),
    ]);
    expect(errorsIn({ app: 'a.b, a-b' })[0]).toContain(
      'Request this credential in `services`, with a `name`',
    );
    expect(errorsIn({ services: '- type: identity', 'allow-reissue': 'true' })[0]).toContain(
      'is already used by `allow-reissue`. Remove one of them',
    );
    expect(
      errorsIn({
        services: '- {type: identity, name: kubernetes-prod}',
        'kubernetes-cluster': 'staging,prod',
      }),
    ).toEqual([expect.stringContaining('`kubernetes-prod`')]);
  });

  it('are also checked if they are derived', () => {
    expect(errorsIn({ app: 'x'.repeat(200) })[0]).toContain(
      'a credential name has at most 200 characters',
    );
  });

  it('are distinct directory names on every file system', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), (name) => {
        expect(checkName(name) !== undefined || /^[a-z0-9_+-]+$/.test(name)).toBe(true);
      }),
    );
    for (const name of ['', '.', '..', 'a/b', 'A', 'bin', 'nul', 'a\n'])
      expect(checkName(name)).toBeDefined();
  });
});

describe('shorthands', () => {
  it('split names at commas and line breaks, without duplicates', () => {
    expect(parseNames('a, b\n\n a,,c')).toEqual(['a', 'b', 'c']);
    expect(() => parseNames(' , ')).toThrow('only separators');
    expect(() => parseNames('a\u0007')).toThrow('control character');
    expect(() => parseNames('prod staging')).toThrow('Separate names with commas or line breaks');
  });

  it('do not show a name with other characters, which can be a password', () => {
    for (const text of ['ci:hunter2', 'a, https://hunter2', 'hunter2!', 'bob:hunter2@example.com'])
      expect(() => parseNames(text)).toThrow(/^entry [12] contains `[:!]`(?!.*hunter2)/);
  });

  it.each(['pg, mongo', 'pg,mongo', 'pg/app, mongo/x', 'pg/app/ci, mongo'])(
    'reject %s, which is not one database per line',
    (text) => {
      expect(() => parseDatabases(text)).toThrow('Specify one database per line');
    },
  );

  it('split databases at most twice', () => {
    expect(parseDatabases('pg\npg/app\npg/app/arn:aws:iam::1:role/a,b\n pg ')).toEqual([
      { service: 'pg' },
      { service: 'pg', database: 'app' },
      { service: 'pg', database: 'app', username: 'arn:aws:iam::1:role/a,b' },
    ]);
    for (const text of ['/a', 'a/', 'a//b', 'a/b/'])
      expect(() => parseDatabases(text)).toThrow('is not `service`');
  });

  it('request an identity only if an input describes it or nothing else is requested', () => {
    expect(namesFor({})).toEqual(['identity']);
    expect(namesFor({ app: 'a' })).toEqual(['application-a']);
    expect(namesFor({ app: 'a', 'allow-reissue': 'true' })).toEqual(['identity', 'application-a']);
    expect(namesFor({ services: '[]', 'leaf-cluster': 'leaf' })).toEqual(['identity-leaf']);
  });

  it('return one name per Kubernetes cluster for every version of tbot', () => {
    for (const support of [v1, v2]) {
      expect(namesFor({ 'kubernetes-cluster': 'Prod' }, support)).toEqual(['kubernetes-prod']);
      const two = namesFor({ 'kubernetes-cluster': 'a,b' }, support);
      expect(two).toEqual(['kubernetes-a', 'kubernetes-b']);
    }
  });

  it.each(['app', 'database', 'kubernetes-cluster'])('reject %s with a leaf cluster', (name) => {
    expect(errorsIn({ [name]: 'x', 'leaf-cluster': 'leaf' })[0]).toContain(
      'cannot be combined with `leaf-cluster`',
    );
  });
});
