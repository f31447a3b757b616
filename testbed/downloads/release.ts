import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { tar, type TarMember } from './tar.ts';

/** One of Teleport's Linux release archives. */
export interface Release {
  readonly edition: 'teleport' | 'teleport-ent';
  /** Without the `v`. */
  readonly version: string;
  readonly arch: string;
  readonly fips: boolean;
}

const pattern =
  /^(teleport|teleport-ent)-v(\d+\.\d+\.\d+(?:-[a-z0-9.]+)?)-linux-(amd64|arm64|arm|386)(-fips)?-bin\.tar\.gz$/;

/** Parses a name such as `teleport-v18.2.4-linux-amd64-bin.tar.gz`. FIPS builds exist only as `-ent`. */
export function parseReleaseName(name: string): Release | undefined {
  const [, edition, version, arch, fips] = pattern.exec(name) ?? [];
  if (edition === undefined || version === undefined || arch === undefined) return undefined;
  if (fips !== undefined && edition === 'teleport') return undefined;
  const ent = edition === 'teleport-ent';
  return { edition: ent ? 'teleport-ent' : 'teleport', version, arch, fips: fips !== undefined };
}

/**
 * Builds the archive with one folder named after the edition (Teleport, `build.assets`). tbot is the
 * stand-in of that version; the other programs support only `version`.
 */
export async function buildRelease(
  release: Release,
  tbotPath: (version: string) => Promise<string | undefined>,
): Promise<Buffer | undefined> {
  const path = await tbotPath(release.version);
  if (path === undefined) return undefined;
  const member = (name: string, content: Uint8Array | string, mode = 0o755): TarMember => ({
    name: `${release.edition}/${name}`,
    content,
    mode,
  });
  const program = versionOnly(release);
  return await promisify(gzip)(
    tar([
      { name: `${release.edition}/`, type: '5' },
      member('README.md', 'Teleport stand-in of the testbed\n', 0o644),
      member('VERSION', `${release.version}\n`, 0o644),
      member('install', '#!/bin/sh\nexit 1\n'),
      member('fdpass-teleport', program),
      member('tbot', await readFile(path)),
      member('tctl', program),
      member('teleport', program),
      member('teleport-update', program),
      member('tsh', program),
    ]),
  );
}

function versionOnly(release: Release): string {
  const product = release.edition === 'teleport-ent' ? 'Teleport Enterprise' : 'Teleport';
  const line = `${product} v${release.version} git:v${release.version}-0-g0000000 go1.24.5`;
  return `#!/bin/sh\n[ "$1" = version ] && exec echo "${line}"\necho "testbed stand-in" >&2\nexit 1\n`;
}
