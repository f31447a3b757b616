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

/** Runs a job that must succeed, and returns the path of its tbot. */
async function tbotOn(platform: Platform): Promise<string | undefined> {
  const environment = { ...fixture.testbed.github.environment };
  const inputs = { ...downloading(), ...severalCredentials };
  const result = await runOn(platform, { inputs, environment, later: laterSteps });
  expectUsed(result);
  expect(result.step.outputs['tbot-source']).toBe('archive');
  return result.step.outputs['tbot-path'];
}

const inPrivateDirectory = /\/_temp\/machine-id-\w+\/bin\/tbot$/;
const inToolCache = /\/_tool\/tbot\/18\.2\.4\/\w+\/tbot$/;
const programs = ['linux', 'ssh', 'kubectl', 'openssl'] as const;

describe('a job succeeds with', { ...needs(...programs), timeout: 120_000 }, () => {
  it('spaces and non-ASCII characters in the names of all folders', async () => {
    const name = "Läufer Nr. 1's – 実行 (neu)";
    expect(await tbotOn({ name })).toMatch(inPrivateDirectory);
  });

  it.each(['000', '002', '077'])('umask %s', async (umask) => {
    expect(await tbotOn({ prepare: `umask ${umask}` })).toMatch(inPrivateDirectory);
  });

  it('RUNNER_TEMP on another file system than the tool cache', needs('mounts'), async () => {
    expect(await tbotOn(tmpfs('mode=755'))).toMatch(inPrivateDirectory);
  });

  it('RUNNER_TEMP mounted noexec', needs('mounts'), async () => {
    expect(await tbotOn(tmpfs('mode=755,noexec'))).toMatch(inToolCache);
  });
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
