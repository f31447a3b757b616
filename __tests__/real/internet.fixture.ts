import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createAuthority } from '../../testbed/ca.ts';
import { startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import type { Testbed } from '../../testbed/testbed.ts';

/** An HTTP proxy that leads to stand-ins for the public registry and the Teleport Proxy. */
export interface Internet extends AsyncDisposable {
  /** Variables of a runner that reaches the stand-ins under their public names. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the HTTP proxy and the registry, with the image of the testbed's tbot. */
export async function openInternet(testbed: Testbed, proxy: string): Promise<Internet> {
  await using stack = new AsyncDisposableStack();
  const authority = await createAuthority({ organization: 'Test', commonName: 'Public CA' });
  const names = ['127.0.0.1', 'public.ecr.aws'];
  const certificate = await authority.serverCertificate(names);
  const registry = stack.use(await startRegistry({ certificate }));
  const content = readFileSync(await testbed.tbot());
  putImage(registry, {
    tag: '18.2.4',
    layers: [{ content: [{ name: 'usr/local/bin/tbot', content }] }],
  });
  const bundle = join(testbed.directory, 'internet-ca.pem');
  writeFileSync(bundle, `${authority.pem}${readFileSync(testbed.caFile, 'utf8')}`);
  const routes = new Map([
    ['public.ecr.aws:443', portOf(registry.address)],
    [proxy, portOf(testbed.proxy.address)],
  ]);
  const address = await startHttpProxy(routes, stack);
  const running = stack.move();
  return {
    environment: {
      HTTPS_PROXY: `http://${address}`,
      NO_PROXY: '127.0.0.1',
      SSL_CERT_FILE: bundle,
    },
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

function portOf(address: string): number {
  return Number(address.split(':')[1]);
}

/** Starts a proxy that accepts tunnels to these names only. Returns its `host:port`. */
async function startHttpProxy(
  routes: ReadonlyMap<string, number>,
  stack: AsyncDisposableStack,
): Promise<string> {
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on('connect', (request, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const port = routes.get(request.url ?? '');
    if (port === undefined) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    return onward.on('error', () => socket.destroy());
  });
  stack.defer(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: { port?: number } = Object(server.address());
  return `127.0.0.1:${port}`;
}
