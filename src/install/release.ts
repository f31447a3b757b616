import type { Build } from './build.ts';

/** Where Teleport publishes a build, and where the programs are inside. */
export interface Release {
  /** File name of the archive; its checksum lies beside it as `<archive>.sha256`. */
  readonly archive: string;
  readonly format: 'tar.gz' | 'zip';
  /** Path of tbot inside. */
  readonly tbot: string;
  /** tsh and tctl are in app bundles: macOS from 17 on (Teleport's changelog, 17.0.0, "macOS assets"). */
  readonly appBundles?: true;
}

/** Where Teleport's archives lie (lib/autoupdate; TELEPORT_CDN_BASE_URL in its updater). */
export const publicSite = 'https://cdn.teleport.dev';

const linuxArchitectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
};

/**
 * The archive that holds tbot for a machine; undefined where Teleport publishes none. Names and
 * layout: lib/autoupdate, lib/web/scripts/oneoff/oneoff.sh and build.assets/install of Teleport.
 * FIPS builds exist for Linux and enterprise only; Windows has one build of the client tools.
 */
export function releaseFor(build: Build): Release | undefined {
  const product = build.edition === 'enterprise' || build.fips ? 'teleport-ent' : 'teleport';
  const tarball = (system: string): Release => ({
    archive: `${product}-v${build.version}-${system}-bin.tar.gz`,
    format: 'tar.gz',
    tbot: `${product}/tbot`,
  });
  switch (build.platform) {
    case 'linux': {
      const arch = linuxArchitectures[build.arch];
      return arch === undefined ? undefined : tarball(`linux-${arch}${build.fips ? '-fips' : ''}`);
    }
    case 'darwin':
      return build.fips ? undefined : macRelease(tarball('darwin-universal'), build.version);
    case 'win32':
      return build.fips ? undefined : windowsRelease(build.version);
    default:
      return undefined;
  }
}

function macRelease(release: Release, version: string): Release {
  return Number.parseInt(version, 10) >= 17 ? { ...release, appBundles: true } : release;
}

function windowsRelease(version: string): Release {
  return {
    archive: `teleport-v${version}-windows-amd64-bin.zip`,
    format: 'zip',
    tbot: 'tbot.exe',
  };
}

/** Path of another program inside. */
export function memberOf({ tbot, appBundles }: Release, program: string): string {
  const bundled = appBundles && program !== 'tbot';
  const path = bundled ? `${program}.app/Contents/MacOS/${program}` : program;
  return tbot.replace(/tbot(?=(\.exe)?$)/, path);
}
