import { readFileSync } from 'node:fs';
import { Failure } from './failure.ts';
import type { Json } from './values.ts';
import { unknownAuthority, wrongHost } from './untrusted.ts';

interface SystemError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly errors?: readonly SystemError[];
  readonly reason?: string;
}

/** Converts Node's connection error to Go's message. */
export function networkFailure(error: unknown, url: URL): Failure {
  if (error instanceof Failure) return error;
  const first = firstOf(error instanceof Error ? error : new Error(String(error)));
  switch (first.code ?? '') {
    case 'ECONNREFUSED':
      return new Failure(`${dial(first)}: connect: connection refused`);
    case 'ENETUNREACH':
      return new Failure(`${dial(first)}: connect: network is unreachable`);
    case 'EHOSTUNREACH':
      return new Failure(`${dial(first)}: connect: no route to host`);
    case 'ETIMEDOUT':
      return new Failure(`${dial(first)}: connect: connection timed out`);
    case 'ENOTFOUND':
      return new Failure(`${lookup(url)}: no such host`);
    case 'EAI_AGAIN':
      return new Failure(`${lookup(url)}: dial udp ${resolver()}: connect: network is unreachable`);
    case 'ECONNRESET':
      return new Failure(first.message === 'socket hang up' ? 'EOF' : reset(first));
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new Failure(wrongHost(url.hostname, first.reason ?? ''), [], 'certificate');
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return new Failure(
        'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
      );
    default:
      return untrusted.has(first.code ?? '')
        ? new Failure(unknownAuthority, [], 'certificate')
        : new Failure(first.message);
  }
}

const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

// A host name with several addresses fails with one error per address.
function firstOf(error: SystemError): SystemError {
  return error.errors?.[0] ?? error;
}

function dial(error: SystemError): string {
  return `dial tcp ${error.address}:${error.port}`;
}

function reset(error: SystemError): string {
  return `read tcp: ${error.message.includes('EPIPE') ? 'broken pipe' : 'read: connection reset by peer'}`;
}

function lookup(url: URL): string {
  return `dial tcp: lookup ${url.hostname} on ${resolver()}`;
}

function resolver(): string {
  try {
    const [, address] = /^nameserver\s+(\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8')) ?? [];
    return `${address ?? '127.0.0.1'}:53`;
  } catch {
    return '127.0.0.1:53';
  }
}

/** Parses JSON. Throws a Failure with the message of Go's encoding/json. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    const [first] = text.trimStart();
    throw new Failure(
      first === undefined ? 'EOF' : `invalid character '${first}' looking for beginning of value`,
    );
  }
}
