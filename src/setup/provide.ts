import { mkdtemp, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { fetchCluster } from '../cluster/cluster.ts';
import { workdirRoot, unwritable, deliver } from '../workdir/workdir.ts';
import { startEarly } from '../install/early.ts';
import { install, type Tool } from '../install/install.ts';
import { type InstallRequest, onThisMachine } from '../install/request.ts';
import { openHttpClient } from '../http/client.ts';
import type { CiPort } from '../ci/port.ts';
import type { Stop } from '../process/stop.ts';

/** What to install, and the endpoint that determines the version. */
type Provision = InstallRequest['inputs'] & {
  readonly extraCaFile: string | undefined;
};

/** Installs the requested programs and adds them to PATH. Throws a Problem, or the signal's reason. */
export async function provide(inputs: Provision, ci: CiPort, stop: Stop): Promise<void> {
  const { directories, env } = ci;
  const { signal } = stop;
  const root = await workdirRoot(directories);
  // The programs stay until the end of the job, when the runner empties its temporary directory.
  const directory = await mkdtemp(join(root, 'teleport-')).catch((error: unknown) => {
    throw unwritable(root, error);
  });
  const network = openHttpClient({ env, extraCaFile: inputs.extraCaFile });
  try {
    const { proxy } = inputs;
    const machine = onThisMachine({ inputs, network, directory, ci, signal });
    if (proxy !== undefined) stop.during(`querying ${proxy}`);
    await using early = await startEarly(machine);
    const cluster =
      proxy === undefined
        ? undefined
        : await fetchCluster(proxy, { network, signal, info: ci.info });
    stop.during('installing Teleport');
    publishTool(await install({ ...machine, cluster, early }), ci);
  } finally {
    network.close();
    // Fails if a program was installed there.
    await rmdir(directory).catch(() => undefined);
  }
}

function publishTool({ path, version, source }: Tool, ci: CiPort): void {
  const folder = dirname(path);
  deliver(() => {
    ci.addPath(folder);
    ci.output('version', version);
    ci.output('path', folder);
  });
  ci.info(`Teleport ${version} is on PATH: ${folder} (${source}).`);
}
