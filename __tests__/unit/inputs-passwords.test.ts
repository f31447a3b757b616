import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { checkExpected, checkIssuers } from '../../src/cluster/expected-cluster.ts';
import { inputLines, readInputs } from '../../src/inputs/inputs.ts';
import { inputTable } from '../../src/inputs/table.ts';
import { Problem } from '../../src/problem.ts';
import { setupTable } from '../../src/setup/setup.ts';
import { password, pasted } from '../passwords.ts';
import { readBySetup } from '../setup.ts';
import { textOf } from './problem.fixture.ts';

const valid = { proxy: 'example.teleport.sh', token: 'example-bot' };

/** Returns everything that is shown about inputs. */
function messagesOf(read: () => { readonly warnings: readonly string[] }): string {
  try {
    return read().warnings.join('\n');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return textOf(error);
  }
}

const names = Object.values(inputTable).map(({ name }) => name);
const aliases = Object.values(inputTable).flatMap((input) =>
  'alias' in input ? [input.alias.name] : [],
);

describe('a value with an `@`, which can contain a password, is not shown:', () => {
  it.each([...names, ...aliases])('input %s', (name) => {
    for (const value of pasted)
      expect(messagesOf(() => readInputs({ ...valid, [name]: value }, yaml))).not.toContain(
        password,
      );
  });

  it('input ca-pins of an Auth Service', () => {
    const { token } = valid;
    for (const value of pasted) {
      const inputs = { 'auth-server': 'auth.example.com', token, 'ca-pins': value };
      expect(messagesOf(() => readInputs(inputs))).not.toContain(password);
    }
  });

  it.each(Object.values(setupTable).map((input) => input.name))(
    'input %s of ./setup',
    async (name) => {
      for (const value of pasted) {
        const { said } = await readBySetup({ version: '18.2.4', [name]: value });
        expect(said.map(([what]) => what)).toContain('fail');
        expect(said.flat().join('\n')).not.toContain(password);
      }
    },
  );

  it.each(names)('input %s in a dry run', (name) => {
    for (const value of pasted) {
      const lines = inputLines({ ...valid, [name]: value }, {});
      expect(lines.join('\n')).not.toContain(password);
    }
  });

  it('a message explains why the value is not shown', () => {
    expect(messagesOf(() => readInputs({ ...valid, mirror: pasted[0] }))).toContain(
      '`mirror` is invalid: the value (not shown, because it contains `@`) is neither the base URL',
    );
    expect(inputLines({ ...valid, app: 'wiki', database: 'pg/app/ci@a' }, {})).toEqual(
      expect.arrayContaining(['app: wiki', 'database: (not shown, because it contains `@`)']),
    );
  });

  it.each(['tbot-path', 'extra-ca-file'])(
    '%s must not be a URL, because messages show the path',
    (name) => {
      const read = (value: string): string =>
        messagesOf(() => readInputs({ ...valid, [name]: value }));
      for (const value of ['https://bob:hunter2@a/b', 'bob:hunter2@a/b', 'https://a/b'])
        expect(read(value)).toContain(
          `\`${name}\` is invalid: it is a URL. Specify the path of a file`,
        );
      for (const value of ['./node_modules/@a/b', 'a@b', 'C:\\a@b', '/a:b@c'])
        expect(read(value)).toBe('');
    },
  );

  it.each(pasted)('expected-cluster %j', (expected) => {
    for (const check of [
      () => checkExpected('a', expected, { intro: 'The certificate is of', input: 'proxy' }),
      () => checkIssuers([], expected, { kind: 'auth-server', address: 'a:1', caPins: [] }),
    ]) {
      expect(check).toThrow(Problem);
      expect(messagesOf(() => check() ?? { warnings: [] })).not.toContain(password);
    }
  });
});
