import { X509Certificate } from 'node:crypto';
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Failure } from '../failure.ts';
import { requestX509Svid } from '../output/svid.ts';
import { grpcMessage, grpcStatus, protobufField, refuseGrpc, unimplemented } from './grpc.ts';
import { doing } from '../output/context.ts';
import { forever } from '../play.ts';
import { listenUnderFault, parseListen } from './listen.ts';
import type { Running, ServiceOf } from './service.ts';

type Service = ServiceOf<'workload-identity-api' | 'spiffe-workload-api'>;

/**
 * Serves the SPIFFE Workload API. `workload-identity-api` supports FetchX509SVID only, for one
 * identity, without attestation or renewal. All other methods return UNIMPLEMENTED. Source:
 * `lib/tbot/services/workloadidentity/workload_api.go`.
 */
export async function serveWorkloadApi(service: Service, running: Running): Promise<never> {
  const { words, reporter, controlFile } = running;
  const server = createServer((request, response) => {
    answer(request, response, service, running).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      words.serviceError('FetchX509SVID stream closed with error', error);
      refuseGrpc(response, grpcStatus.permissionDenied, error.inline);
    });
  });
  const address = await doing('creating listener', async () =>
    listenUnderFault(server, parseListen(service.listen), 'service', controlFile),
  );
  words.service('Listener opened for Workload API endpoint', { addr: address });
  reporter.healthy();
  return await forever();
}

async function answer(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { selector, lifetime }: Service,
  running: Running,
): Promise<void> {
  if (selector === undefined || request.url !== '/SpiffeWorkloadAPI/FetchX509SVID') {
    return unimplemented(request, response);
  }
  if (request.headers['workload.spiffe.io'] !== 'true') {
    const missing = 'security header missing from request';
    return refuseGrpc(response, grpcStatus.invalidArgument, missing);
  }
  const context = await running.bot.context();
  const destination = { type: 'memory' } as const;
  const service = { type: 'workload-identity-x509', selector, destination } as const;
  const { ttl } = lifetime ?? running.lifetime;
  const { key, certificate, bundle } = await requestX509Svid(service, ttl, context);
  const leaf = new X509Certificate(certificate);
  const svid = Buffer.concat([
    protobufField(1, leaf.subjectAltName?.match(/spiffe:[^,]+/)?.[0] ?? ''),
    protobufField(2, leaf.raw),
    protobufField(3, key.export({ type: 'pkcs8', format: 'der' })),
    protobufField(4, new X509Certificate(bundle).raw),
  ]);
  response.writeHead(200, { 'content-type': 'application/grpc' });
  response.write(grpcMessage(protobufField(1, svid)));
}
