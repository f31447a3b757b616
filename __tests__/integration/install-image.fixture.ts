import { createAuthority } from '../../testbed/ca.ts';
import type { TarMember } from '../../testbed/downloads/tar.ts';
import { type Registry, type RegistryOptions, startRegistry } from '../../testbed/registry.ts';
import { openHttpClient } from '../../src/http/client.ts';
import type { HttpClient } from '../../src/http/client.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns tbot as a member of a layer. */
export const tbotOf = (version: string, padding = 0): TarMember => ({
  name: 'usr/local/bin/tbot',
  content: `#!/bin/sh\necho "Teleport v${version} git:x go1.24"; exit\n${'#'.repeat(padding)}`,
});

/** Members as in the lower layers of a real image: directories, links and files. */
export const base: readonly TarMember[] = [
  { name: './etc/', type: '5' },
  { name: './etc/passwd', content: 'root:x:0:0::/:/sbin/nologin\n' },
  { name: './etc/mtab', type: '2', linkName: '/proc/mounts' },
  { name: './usr/local/bin/', type: '5' },
];

/** Starts a registry on loopback, and a client that trusts its certificate. */
export async function openRegistryFixture(
  directory: string,
  options: Partial<RegistryOptions> = {},
): Promise<{ readonly registry: Registry; readonly network: HttpClient }> {
  const authority = await createAuthority({ organization: 'Test', commonName: 'Registry CA' });
  const caFile = join(directory, `registry-ca-${Math.random().toString(36).slice(2)}.pem`);
  await writeFile(caFile, authority.pem);
  const certificate = await authority.serverCertificate(['localhost', '127.0.0.1']);
  const registry = await startRegistry({ certificate, ...options });
  return { registry, network: openHttpClient({ env: {}, extraCaFile: caFile }) };
}
