import { join } from 'node:path';
import type { Faults } from './faults.ts';
import { type InstalledTbot, installTbot } from './tbot/install.ts';
import { playedVersion } from './tbot/versions.ts';

/** The stand-in tbots of one testbed, one of each version, made when first asked for. */
export interface Tbots {
  /** Rejects for a version that is not played. `faults.tbot` reaches all of them. */
  install(version: string): Promise<InstalledTbot>;
  /** Path of the executable, undefined for a version that is not played. */
  pathIfKnown(version: string): Promise<string | undefined>;
}

/** Keeps them below the folder, each version in its own. */
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
