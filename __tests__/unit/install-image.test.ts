import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BadArchive } from '../../src/install/archive/archive.ts';
import { parseManifest } from '../../src/install/image/manifest.ts';
import { imageFor, nameOf } from '../../src/install/image/reference.ts';
import { parseChallenge, tokenUrl } from '../../src/install/image/registry.ts';
import { buildFor, memberOf, releaseFor } from '../../src/install/release.ts';

const build = {
  version: '18.2.4',
  edition: 'oss',
  fips: false,
  platform: 'linux',
  arch: 'x64',
} as const;

describe('the image of a build', () => {
  it.each([
    [{}, undefined, 'public.ecr.aws/gravitational/tbot-distroless:18.2.4', 'amd64'],
    [
      { fips: true },
      undefined,
      'public.ecr.aws/gravitational/tbot-fips-distroless:18.2.4',
      'amd64',
    ],
    [{ arch: 'arm64' }, 'r.example.com:5000/a/b', 'r.example.com:5000/a/b:18.2.4', 'arm64'],
  ])('%j from %s', (change, mirror, name, architecture) => {
    const image = imageFor({ ...build, ...change }, mirror);
    expect(image && nameOf(image)).toBe(name);
    expect(image?.platform).toEqual({ os: 'linux', architecture });
  });

  it.each([{ platform: 'darwin' }, { platform: 'win32' }, { arch: 's390x' }])(
    '%j has none',
    (no) => {
      expect(imageFor({ ...build, ...no }, undefined)).toBeUndefined();
    },
  );
});

describe('which build is wanted', () => {
  const machine = { platform: 'linux', arch: 'x64' };
  const ent = { edition: 'enterprise', fips: true } as const;
  it.each([
    ['auto', 'auto', undefined, 'oss', false],
    ['auto', 'auto', ent, 'enterprise', true],
    ['auto', false, { edition: 'community', fips: false }, 'oss', false],
    ['auto', false, { edition: 'oss', fips: false }, 'oss', false],
    ['oss', false, ent, 'oss', false],
    ['cloud', 'auto', undefined, 'enterprise', false],
    ['enterprise', true, undefined, 'enterprise', true],
  ] as const)('edition %s, fips %s, cluster %j', (edition, fips, cluster, wanted, isFips) => {
    const made = buildFor('18.2.4', { edition, fips }, cluster, machine);
    expect(made).toEqual({ ...build, edition: wanted, fips: isFips });
  });

  it('a FIPS cluster is joined from a machine for which there are no FIPS builds', () => {
    const mac = { platform: 'darwin', arch: 'arm64' };
    expect(buildFor('18.2.4', { edition: 'auto', fips: 'auto' }, ent, mac).fips).toBe(false);
  });

  it('members of a release are named after its programs', () => {
    const linux = releaseFor({ ...build, edition: 'enterprise' });
    const windows = releaseFor({ ...build, platform: 'win32' });
    expect(linux && memberOf(linux, 'tsh')).toBe('teleport-ent/tsh');
    expect(windows && memberOf(windows, 'tctl')).toBe('tctl.exe');
  });
});

describe('a challenge', () => {
  const realm = 'https://auth.example.com/token';
  it('is read, in any order and case', () => {
    const header = `bearer Scope="repository:a/b:pull",service="s",realm="${realm}"`;
    const challenge = parseChallenge(header);
    expect(challenge).toEqual({ realm, service: 's', scope: 'repository:a/b:pull' });
    expect(challenge && tokenUrl(challenge, false)?.href).toBe(
      `${realm}?service=s&scope=repository%3Aa%2Fb%3Apull`,
    );
  });

  it.each([
    undefined,
    '',
    'Basic realm="x"',
    'Bearer',
    'Bearer service="s"',
    `Bearer ${'a'.repeat(5000)}`,
  ])('%s is another kind', (header) => {
    expect(parseChallenge(header)).toBeUndefined();
  });

  it.each([
    'http://auth.example.com/',
    'file:///etc/passwd',
    'nonsense',
    'https://me@auth.example.com/',
  ])('the realm %s is not asked', (bad) => {
    const challenge = { realm: bad, service: undefined, scope: undefined };
    expect(tokenUrl(challenge, false)).toBeUndefined();
  });

  it('a realm without TLS is asked on loopback alone', () => {
    const plain = 'http://127.0.0.1:5000/token';
    const challenge = { realm: plain, service: undefined, scope: undefined };
    expect(tokenUrl(challenge, true)?.href).toBe(plain);
  });
});

/** What a text is as a manifest; anything but a BadArchive that is thrown is a bug. */
function outcome(text: string): string {
  try {
    return parseManifest(text).kind;
  } catch (error) {
    if (error instanceof BadArchive) return 'bad';
    throw error;
  }
}

it('a manifest is read or is a BadArchive, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(['image', 'index', 'bad']).toContain(outcome(text));
    }),
  );
});
