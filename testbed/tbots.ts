import { join } from 'node:path';
import type { Faults } from './faults.ts';
import { type InstalledTbot, installTbot } from './tbot/install.ts';
import { playedVersion } from './tbot/versions.ts';

/** The stand-in tbots of a testbed, one per version, created on first use. */
export interface Tbots {
  /** Rejects for an unsupported version. `faults.tbot` applies to all versions. */
  install(version: string): Promise<InstalledTbot>;
  /** Returns the path of the executable, or undefined for an unsupported version. */
  pathIfKnown(version: string): Promise<string | undefined>;
}

/** Stores the tbots in a folder, with a subfolder per version. */
export function createTbots(directory: string, faults: Faults): Tbots {
  const installed = new Map<string, Promise<InstalledTbot>>();
  const install = async (version: string): Promise<InstalledTbot> => {
    const tbot =
      installed.get(version) ??
      installTbot({ version, directory: join(directory, version), faults });
    installed.set(version, tbot);
    return await tbot;
  };
  return {
    install,
    pathIfKnown: async (version) => (isPlayed(version) ? (await install(version)).path : undefined),
  };
}

function isPlayed(version: string): boolean {
  try {
    return playedVersion(version).version === version;
  } catch {
    return false;
  }
}
