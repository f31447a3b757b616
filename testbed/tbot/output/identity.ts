import { find } from '../cluster.ts';
import type { IdentityService } from '../service/service.ts';
import { knownHosts, sshConfig, type SshPlace } from '../sshconfig.ts';
import { doing, open, type OutputContext, type Put } from './context.ts';
import { type Credentials, putAuthorities, putIdentity, request } from './credentials.ts';

/** Writes an identity; `ssh_config` comes last. Source: `lib/tbot/services/identity/output.go`. */
export async function generateIdentity(
  service: IdentityService,
  context: OutputContext,
): Promise<void> {
  const put = open(service.destination);
  const { allowReissue, cluster } = service;
  const leaf = cluster === undefined ? {} : { cluster };
  const credentials = await doing('generating identity', () =>
    request(service, context, { type: 'identity', allowReissue, ...leaf }),
  );
  putAuthorities(put, credentials);
  putIdentity(put, credentials, context);
  if (service.sshConfig) await writeSshFiles(put, service, credentials, context);
}

async function writeSshFiles(
  put: Put,
  { destination }: IdentityService,
  certificates: Credentials,
  { cluster, joined, executable, fault }: OutputContext,
): Promise<void> {
  const { proxy } = await find(cluster, joined.identity);
  const authority = { cluster: certificates.cluster, sshHostCa: certificates.sshHostCa };
  put('known_hosts', knownHosts(authority, proxy.ssh.public_addr));
  if (destination.type !== 'directory') return;
  const place: SshPlace = {
    cluster: certificates.cluster,
    proxyAddress: proxy.ssh.public_addr,
    directory: destination.path,
    executable,
  };
  const files = sshConfig(place, cluster.version);
  if (cluster.version.filesPerCluster) {
    put(`${place.cluster}.ssh_config`, files.perCluster);
    put(`${place.cluster}.known_hosts`, `@cert-authority * ${authority.sshHostCa} type=host\n`);
  }
  put(fault.kind === 'other-files' ? 'openssh_config' : 'ssh_config', files.all);
}
