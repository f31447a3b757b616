import { createSecureServer } from 'node:http2';
import { join, resolve } from 'node:path';
import { writeArtifact } from '../destination.ts';
import { doing } from '../output/context.ts';
import { type Credentials, request } from '../output/credentials.ts';
import { unimplemented } from './grpc.ts';
import { listen } from './listen.ts';
import { runLoop } from './loop.ts';
import type { Running, ServiceOf } from './service.ts';
import { outputAttempts } from './words.ts';

/**
 * Writes an identity file without the private key and serves the agent's socket beside it. All gRPC
 * methods of the agent return UNIMPLEMENTED. Source:
 * `lib/tbot/services/identity/key_agent_service.go`. The file names of the socket and of the
 * certificate are recalled.
 */
export async function runKeyAgent(
  service: ServiceOf<'identity/key-agent'>,
  running: Running,
): Promise<never> {
  const { words, reporter, lifetime } = running;
  const directory = resolve(service.directory);
  const destination = { type: 'directory', path: directory } as const;
  const credentials = await doing('generating initial identity', async () =>
    generate(service, running),
  );
  const { createAuthority } = await import('../../ca.ts');
  const authority = await createAuthority({ organization: 'Teleport', commonName: 'localhost' });
  const identity = await authority.serverCertificate(['localhost']);
  const server = createSecureServer(identity, unimplemented);
  await listen(server, { network: 'unix', path: join(directory, 'agent.sock') });
  // The real agent uses a self-signed certificate.
  writeArtifact(destination, 'cert.pem', identity.cert + authority.pem);
  writeArtifact(destination, 'identity', identityFile(credentials));
  reporter.healthy();
  return await runLoop({
    interval: lifetime.interval,
    attempts: outputAttempts,
    words: words.loop('identity-renewal', lifetime.interval),
    reporter,
    waits: true,
    ends: false,
    async run() {
      const renewed = await generate(service, running, credentials);
      writeArtifact(destination, 'identity', identityFile(renewed));
    },
  });
}

async function generate(
  service: ServiceOf<'identity/key-agent'>,
  { bot }: Running,
  earlier?: Credentials,
): Promise<Credentials> {
  const { allowReissue, cluster } = service;
  const leaf = cluster === '' ? {} : { cluster };
  const route = { type: 'identity', allowReissue, ...leaf } as const;
  return await doing('generating identity', async () =>
    request(service, await bot.context(), route, earlier),
  );
}

/** Builds an identity file with a reference to a nonexistent hardware key. Its PEM label is recalled. */
function identityFile({ sshCert, tlsCert, hostCa }: Credentials): string {
  const reference = Buffer.from(JSON.stringify({ serial_number: 0xffffffff, slot_key: 0x9a }));
  const key = `-----BEGIN PIV YUBIKEY PRIVATE KEY-----\n${reference.toString('base64')}\n-----END PIV YUBIKEY PRIVATE KEY-----\n`;
  return [key, `${sshCert}\n`, tlsCert, hostCa].join('');
}
