import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../requirements.ts';
import { codesOf, type Fixture, openFixture } from './action.fixture.ts';
import {
  expectUsed,
  laterSteps,
  type Platform,
  runOn,
  severalCredentials,
} from './platforms.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

/** Inputs that download tbot, so that it is in the tool cache and in the private directory. */
function downloading(): Readonly<Record<string, string>> {
  return { ...fixture.inputs, 'tbot-path': '', mirror: fixture.testbed.downloads.url };
}

/** Mounts a tmpfs at RUNNER_TEMP. */
function tmpfs(options: string, before = ''): Platform {
  const prepare = `${before}\nmount -t tmpfs -o ${options} tmpfs "$0"`;
  return { prepare, namespaces: ['--mount'] };
}

/** Checks a job whose tbot runs in the private directory, or at another path. */
async function check(
  platform: Platform,
  path = /\/_temp\/machine-id-\w+\/bin\/tbot$/,
): Promise<void> {
  const environment = { ...fixture.testbed.github.environment };
  const inputs = { ...downloading(), ...severalCredentials };
  const result = await runOn(platform, { inputs, environment, later: laterSteps });
  expectUsed(result);
  expect(result.step.outputs['tbot-source']).toBe('archive');
  expect(result.step.outputs['tbot-path']).toMatch(path);
}

const programs = ['linux', 'ssh', 'kubectl', 'openssl'] as const;

describe('a job succeeds with', needs(...programs), () => {
  it('spaces and non-ASCII characters in the names of all folders', async () =>
    check({ name: "Läufer Nr. 1's – 実行 (neu)" }));

  it.each(['000', '002', '077'])('umask %s', async (umask) => check({ prepare: `umask ${umask}` }));

  it('RUNNER_TEMP on another file system than the tool cache', needs('mounts'), async () =>
    check(tmpfs('mode=755')),
  );

  it('RUNNER_TEMP mounted noexec', needs('mounts'), async () =>
    check(tmpfs('mode=755,noexec'), /\/_tool\/tbot\/18\.2\.4\/\w+\/tbot$/),
  );
});

describe('a job fails with', () => {
  it(
    'RUNNER_TEMP mounted noexec and a tool cache that others can change',
    needs('mounts'),
    async () => {
      const platform = tmpfs('mode=755,noexec', 'umask 000');
      const environment = { ...fixture.testbed.github.environment };
      const { step, end } = await runOn(platform, { inputs: downloading(), environment });
      expect(codesOf(step)).toEqual(['platform']);
      expect(step.log).toMatch(
        /tbot cannot run from .*`noexec`\. .*_tool is writable by its group or by others \(mode 777/,
      );
      expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
    },
  );
});
