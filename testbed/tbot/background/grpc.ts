import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** The gRPC status codes in use. */
export const grpcStatus = { ok: 0, invalidArgument: 3, permissionDenied: 7, unimplemented: 12 };

/** Responds with a status and no message. */
export function refuseGrpc(response: Http2ServerResponse, status: number, message: string): void {
  response.writeHead(200, {
    'content-type': 'application/grpc',
    'grpc-status': `${status}`,
    'grpc-message': encodeURIComponent(message).replaceAll('%20', ' '),
  });
  response.end();
}

/** Responds as a server without such a method. */
export function unimplemented({ url }: Http2ServerRequest, response: Http2ServerResponse): void {
  const [, service = '', method = ''] = url.split('/');
  refuseGrpc(response, grpcStatus.unimplemented, `unknown method ${method} for service ${service}`);
}

/** Encodes a length-prefixed message. */
export function grpcMessage(body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** Encodes a protobuf field that contains bytes, text or a message. */
export function protobufField(number: number, value: Buffer | string): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
