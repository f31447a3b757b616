import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { TbotFault } from '../faults.ts';
import { sshPublicKey } from '../ssh.ts';
import { type Cluster, find, post } from './cluster.ts';
import { writeArtifact } from './destination.ts';
import { Failure } from './failure.ts';
import type { Joined } from './join.ts';
import type { Lifetime } from './lifetime.ts';
import { labelOf } from './narration.ts';
import type { IdentityService } from './services.ts';
import { knownHosts, sshConfig, type SshPlace } from './sshconfig.ts';
import type { PlayedVersion } from './versions.ts';

const generate = promisify(generateKeyPair);

/** What the proxy signs for one output. */
interface Certificates {
  readonly tlsCert: string;
  readonly sshCert: string;
  readonly hostCa: string;
  readonly userCa: string;
  readonly databaseCa: string;
  readonly sshHostCa: string;
  readonly cluster: string;
}

/** What an output needs beside its own configuration. */
export interface OutputContext {
  readonly cluster: Cluster;
  readonly joined: Joined;
  readonly lifetime: Lifetime;
  readonly fault: TbotFault;
  /** Absolute path of this program, for ssh_config. */
  readonly executable: string;
}

/** Generates one identity output: asks for certificates and writes the files. */
export async function generateIdentity(
  service: IdentityService,
  context: OutputContext,
): Promise<void> {
  const { cluster } = context;
  writeArtifact(service.destination, '.write-test', '');
  await write(service, context).catch((error: unknown) => {
    throw error instanceof Failure ? wrap(error, service, cluster.version) : error;
  });
}

function wrap(error: Failure, service: IdentityService, version: PlayedVersion): Failure {
  const label = labelOf(service, version);
  return version.entry === 'output'
    ? error.within(`generating impersonated certs for output: ${label}`)
    : error.within(`service(${label})`, 'generating identity');
}

async function write(service: IdentityService, context: OutputContext): Promise<void> {
  const { cluster, fault } = context;
  const keys = await generateKeys(cluster.version.keyType);
  const certificates = await request(service, keys.publicKey, context);
  const key = fault.kind === 'mismatched-key' ? await generateKeys(cluster.version.keyType) : keys;
  const put = (name: string, content: string) => writeArtifact(service.destination, name, content);
  const pem = privateKeyPem(key.privateKey);
  put('teleport-host-ca.crt', certificates.hostCa);
  put('teleport-user-ca.crt', certificates.userCa);
  put('teleport-database-ca.crt', certificates.databaseCa);
  put(
    'identity',
    [pem, `${certificates.sshCert}\n`, certificates.tlsCert, certificates.hostCa].join(''),
  );
  if (fault.kind === 'partial') throw new Failure('write key: no space left on device');
  put('key', pem);
  put('key.pub', `${sshPublicKey(key.publicKey)}\n`);
  put('key-cert.pub', `${certificates.sshCert}\n`);
  put('tlscert', certificates.tlsCert);
  if (service.sshConfig) await writeSshFiles(service, certificates, context);
}

async function request(
  service: IdentityService,
  publicKey: KeyObject,
  { cluster, joined, lifetime, fault }: OutputContext,
): Promise<Certificates> {
  const body = {
    type: service.type,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    ttlSeconds: (service.lifetime ?? lifetime).ttl,
    allowReissue: service.allowReissue,
    roles: service.roles,
    ...(service.cluster === undefined ? {} : { cluster: service.cluster }),
    ...(fault.kind === 'foreign-cluster' ? { pretendCluster: fault.cluster } : {}),
  };
  const options = { speech: 'http', bearer: joined.identity } as const;
  return await post(cluster, '/testbed/certificates', body, options);
}

async function generateKeys(
  type: 'rsa' | 'ec',
): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return type === 'rsa'
    ? await generate('rsa', { modulusLength: 2048 })
    : await generate('ec', { namedCurve: 'P-256' });
}

// Source: `api/utils/keys/privatekey.go`: PKCS #1 for RSA, PKCS #8 for the rest.
function privateKeyPem(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'pkcs8';
  return key.export({ type, format: 'pem' }).toString();
}

async function writeSshFiles(
  service: IdentityService,
  certificates: Certificates,
  { cluster, executable }: OutputContext,
): Promise<void> {
  const { destination } = service;
  const { proxy } = await find(cluster);
  const put = (name: string, content: string) => writeArtifact(destination, name, content);
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
  put('ssh_config', files.all);
}
