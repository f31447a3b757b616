import { sshPrivateKey } from '../../ssh.ts';
import type { HostCertificate } from '../../teleport/host-certificate.ts';
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
  const keys = await hostKeys(context.cluster.version);
  const body = { publicKey: publicKeyPem(keys.publicKey), principals, caType, roles };
  const ttlSeconds = ttlOf(service, context);
  const issued: HostCertificate = await ask(
    '/testbed/host-certificate',
    { ...body, ttlSeconds },
    context,
  );
  put('ssh_host-cert.pub', `${issued.certificate}\n`);
  put('ssh_host', sshPrivateKey(keys.privateKey));
  put('ssh_host-user-ca.pub', issued.userCa);
}
