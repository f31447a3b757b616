import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../testbed/ca.ts';
import { startTestbed } from '../../testbed/testbed.ts';
import { openArchiveProperties } from './fuzz-archives.ts';
import type { Fuzz } from './fuzz-ends.ts';
import { inputProperties } from './fuzz-inputs.ts';
import { openProxyProperties } from './fuzz-proxy.ts';
import { logProperties, openCredentialProperties } from './fuzz-tbot.ts';

/** The names of all properties, for a list of tests. */
export const fuzzNames = [
  'inputs, all of them',
  'inputs of a good step, one or two changed',
  'YAML of services and onboarding',
  'responses to /webapi/find',
  'responses to /webapi/ping and of the upgrade channel',
  'responses with an OIDC token',
  'responses of the metadata service',
  'archives, tar and gzip',
  'archives, zip',
  'published checksums',
  'images: manifests and layers',
  'challenges and tokens of a registry',
  'signatures of an image',
  'signatures of an archive',
  'logs of tbot',
  'credentials',
] as const;

/** The properties, with the servers and folders that they use. */
export async function openProperties(stack: AsyncDisposableStack): Promise<readonly Fuzz[]> {
  const root = await mkdtemp(join(tmpdir(), 'fuzz-'));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const authority = await createAuthority({ organization: 'Fuzz', commonName: 'Fuzz CA' });
  const caFile = join(root, 'ca.pem');
  await writeFile(caFile, authority.pem);
  const testbed = stack.use(await startTestbed({ teleportVersion: '18.11.0' }));
  const [archives, credentials] = [join(root, 'archives'), join(root, 'credentials')];
  for (const folder of [archives, credentials]) await mkdir(folder);
  return [
    ...inputProperties(),
    ...(await openProxyProperties(stack, { authority, caFile })),
    ...(await openArchiveProperties(stack, { authority, caFile, root: archives })),
    ...logProperties(),
    ...(await openCredentialProperties(testbed, credentials)),
  ];
}
