import { sshPrivateKey } from '../../ssh.ts';
import type { HostCertificate } from '../../teleport/host-certificate.ts';
import { Failure } from '../failure.ts';
import type { SshHostService } from '../service/service.ts';
import { ask, doing, open, type OutputContext, ttlOf } from './context.ts';
import { request } from './credentials.ts';
import { hostKeys, publicKeyPem } from './keys.ts';

/** Writes an SSH server's key and certificate. Source: `lib/tbot/services/ssh/host_output.go`. */
export async function generateSshHost(
  service: SshHostService,
  context: OutputContext,
): Promise<void> {
  const put = open(service.destination);
  await doing('generating identity', () => request(service, context, { type: 'identity' }));
  const { principals, caType, roles } = service;
  const { cluster, fault } = context;
  const keys = await hostKeys(cluster.version);
  const pretend = fault.kind === 'foreign-cluster' ? { pretendCluster: fault.cluster } : {};
  const publicKey = publicKeyPem(keys.publicKey);
  const body = { publicKey, principals, caType, roles, ...pretend };
  const ttlSeconds = ttlOf(service, context);
  const issued: HostCertificate = await ask(
    '/testbed/host-certificate',
    { ...body, ttlSeconds },
    context,
  );
  put('ssh_host-cert.pub', `${issued.certificate}\n`);
  if (fault.kind === 'partial') throw new Failure('write ssh_host: no space left on device');
  const shown = fault.kind === 'mismatched-key' ? await hostKeys(cluster.version) : keys;
  put('ssh_host', sshPrivateKey(shown.privateKey));
  put('ssh_host-user-ca.pub', issued.userCa);
}
