import { describe, expect, it } from 'vitest';

import { parseChecksumFile } from '../../src/install/download.ts';
import { memberOf, releaseFor } from '../../src/install/release.ts';

describe('the name of a release archive', () => {
  it.each([
    ['linux', 'x64', 'oss', false, 'teleport-v18.2.4-linux-amd64-bin.tar.gz', 'teleport/tbot'],
    ['linux', 'arm64', 'oss', false, 'teleport-v18.2.4-linux-arm64-bin.tar.gz', 'teleport/tbot'],
    ['linux', 'arm', 'oss', false, 'teleport-v18.2.4-linux-arm-bin.tar.gz', 'teleport/tbot'],
    ['linux', 'ia32', 'oss', false, 'teleport-v18.2.4-linux-386-bin.tar.gz', 'teleport/tbot'],
    [
      'linux',
      'x64',
      'enterprise',
      false,
      'teleport-ent-v18.2.4-linux-amd64-bin.tar.gz',
      'teleport-ent/tbot',
    ],
    [
      'linux',
      'x64',
      'enterprise',
      true,
      'teleport-ent-v18.2.4-linux-amd64-fips-bin.tar.gz',
      'teleport-ent/tbot',
    ],
    [
      'linux',
      'x64',
      'oss',
      true,
      'teleport-ent-v18.2.4-linux-amd64-fips-bin.tar.gz',
      'teleport-ent/tbot',
    ],
    [
      'darwin',
      'arm64',
      'oss',
      false,
      'teleport-v18.2.4-darwin-universal-bin.tar.gz',
      'teleport/tbot',
    ],
    ['win32', 'x64', 'enterprise', false, 'teleport-v18.2.4-windows-amd64-bin.zip', 'tbot.exe'],
  ] as const)('%s %s %s fips=%s', (platform, arch, edition, fips, archive, tbot) => {
    const release = releaseFor({ version: '18.2.4', platform, arch, edition, fips });
    expect(release).toMatchObject({ archive, tbot });
  });

  it.each([
    ['linux', 's390x', false],
    ['darwin', 'arm64', true],
    ['win32', 'x64', true],
    ['freebsd', 'x64', false],
  ] as const)('%s %s fips=%s has none', (platform, arch, fips) => {
    expect(releaseFor({ version: '18.2.4', platform, arch, edition: 'oss', fips })).toBeUndefined();
  });
});

describe('the programs of a release for macOS', () => {
  it.each([
    ['17.0.0', 'tbot', 'teleport/tbot'],
    ['17.0.0', 'tsh', 'teleport/tsh.app/Contents/MacOS/tsh'],
    ['18.2.4', 'tctl', 'teleport/tctl.app/Contents/MacOS/tctl'],
    ['16.4.16', 'tsh', 'teleport/tsh'],
  ])('%s: %s is %s', (version, program, path) => {
    const build = {
      version,
      platform: 'darwin',
      arch: 'arm64',
      edition: 'oss',
      fips: false,
    } as const;
    const release = releaseFor(build);
    expect(release && memberOf(release, program)).toBe(path);
  });
});

describe('a published checksum', () => {
  const hex = 'ab'.repeat(32);
  it.each([
    ['as shasum writes it', `${hex}  a.tar.gz\n`],
    ['in binary mode', `${hex} *a.tar.gz\n`],
    ['with a folder', `${hex}  build/a.tar.gz`],
    ['in upper case', `${hex.toUpperCase()}  a.tar.gz\r\n`],
    ['alone', hex],
    ['among others', `${'cd'.repeat(32)}  b.tar.gz\n${hex}  a.tar.gz\n`],
  ])('%s', (_, text) => {
    expect(parseChecksumFile(text, 'a.tar.gz')).toBe(hex);
  });

  it.each([
    ['of another file', `${hex}  b.tar.gz\n`],
    ['too short', `${hex.slice(1)}  a.tar.gz`],
    ['a page', '<!doctype html>'],
    ['nothing', ''],
  ])('%s is none', (_, text) => {
    expect(parseChecksumFile(text, 'a.tar.gz')).toBeUndefined();
  });
});
