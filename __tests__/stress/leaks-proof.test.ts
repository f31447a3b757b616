import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Secret } from '../../testbed/issued.ts';
import type { Channel } from './leaks-channels.ts';
import { type Form, forms } from './leaks-forms.ts';
import { type Haul, type Hunt, openHunt, type Trial } from './leaks.fixture.ts';

let hunt: Hunt;
beforeAll(async () => {
  hunt = await openHunt();
});
afterAll(async () => hunt[Symbol.asyncDispose]());

const leaker = new URL('./leaks-leaker.ts', import.meta.url).pathname;
// Its base64 has `+` and `/`, and each of its other forms differs from it as well.
const secret: Secret = { kind: 'planted', text: 'begin "~~~???>>>" +%\\& of a secret, end' };

async function leak(channel: string, debug = false): Promise<Haul> {
  const step: Trial = { main: leaker, post: leaker, secrets: [secret] };
  return hunt.run({ ...step, with: { channel, secret: secret.text } }, debug);
}

function formsIn({ leaks }: Haul, channel: Channel['name']): ReadonlySet<Form> {
  return new Set(leaks.flatMap((one) => (one.channel === channel ? [one.form] : [])));
}

const channels: readonly (readonly [string, Channel['name']])[] = [
  ['stdout', 'log'],
  ['stderr', 'log'],
  ['annotation', 'annotations'],
  ['summary', 'summary'],
  ['output', 'values'],
  ['env', 'values'],
  ['state', 'values'],
  ['path', 'values'],
  ['output', 'files'],
  ['arguments', 'arguments'],
  ['arguments of a shell', 'arguments'],
  ['environment', 'environment'],
  ['environment, synchronous', 'environment'],
  ['file in temp', 'files'],
  ['file in home', 'files'],
  ['file in cache', 'files'],
  ['file in workspace', 'files'],
  ['file in current folder', 'files'],
  ['file elsewhere', 'files'],
  ['file by a handle', 'files'],
  ['file from the private directory', 'files'],
  ['file that stays', 'files'],
  ['post', 'log'],
];

describe('the hunt finds a planted secret in every form:', () => {
  it.each(channels)('%s, in %s', async (channel, name) => {
    expect([...formsIn(await leak(channel), name)].toSorted()).toEqual([...forms].toSorted());
  });

  it('in the debug log', async () => {
    expect([...formsIn(await leak('debug', true), 'log')].toSorted()).toEqual(
      [...forms].toSorted(),
    );
    expect((await leak('debug')).leaks).toEqual([]);
  });

  it('in the name of a file, unless the form has a slash', async () => {
    const seen = formsIn(await leak('file name'), 'file names');
    expect([...seen]).toEqual(expect.arrayContaining(['plain', 'base64url', 'hex', 'HEX', 'uri']));
  });
});

/** A tbot that does more after its work, as its private directory is then. */
async function tbotThen(command: string): Promise<string> {
  const path = join(hunt.testbed.directory, 'tbot-then');
  const tbot = await hunt.testbed.tbot();
  await writeFile(
    path,
    `#!/bin/sh\ncase $1 in start) ;; *) exec '${tbot}' "$@" ;; esac\n'${tbot}' "$@" && { ${command}; } >&2\n`,
  );
  await chmod(path, 0o755);
  return path;
}

describe('the hunt knows the keys that tbot wrote:', () => {
  const body = 'grep -v -e ----- identity/key';

  it('printed in hexadecimal they are found, because no mask matches that', async () => {
    const path = await tbotThen(`${body} | tr -d '\\n' | od -An -v -tx1 | tr -d ' \\n'`);
    const { leaks } = await hunt.run({ with: { 'tbot-path': path } }, false);
    expect(leaks).toContainEqual(
      expect.objectContaining({ channel: 'log', kind: 'private key', form: 'hex' }),
    );
  });

  it('printed as they are they are masked', async () => {
    const path = await tbotThen(body);
    const { leaks, step } = await hunt.run({ with: { 'tbot-path': path } }, true);
    expect(step.log).toContain('***');
    expect(leaks).toEqual([]);
  });

  it('and written elsewhere by another program they are found', async () => {
    const path = await tbotThen(`cp identity/key "$HOME/key"`);
    const { leaks } = await hunt.run({ with: { 'tbot-path': path } }, false);
    expect(leaks).toContainEqual(
      expect.objectContaining({ channel: 'files', kind: 'private key', form: 'plain' }),
    );
  });

  it('all of them, and the OIDC token', async () => {
    const path = await tbotThen('cp identity/key "$0.copy"');
    const { secrets } = await hunt.run({ with: { 'tbot-path': path } }, false);
    const copy = await readFile(`${path}.copy`, 'utf8');
    const keys = secrets.filter(({ kind }) => kind === 'private key');
    expect(keys.some(({ text }) => copy.includes(text))).toBe(true);
    expect(secrets.filter(({ kind }) => kind === 'OIDC token')).toHaveLength(1);
  });
});

describe('the recorder', () => {
  it('sees every tbot that was started, and the whole environment of each', async () => {
    const { started, tbots } = await hunt.run({ with: { summary: 'always' } }, false);
    expect(tbots.toSorted()).toEqual(started.toSorted());
    expect(tbots).toHaveLength(2);
  });
});
