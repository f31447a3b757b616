import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Who is at the other end of a TLS connection. */
export interface Caller {
  /** The name the client asked for (SNI), '' when it named none. */
  readonly serverName: string;
  /** The client's certificate when the cluster's user authority signed it. */
  readonly certificate: X509Certificate | undefined;
  /** One attribute of its subject, '' when absent. */
  attribute(oid: string): string;
}

/** Reads it from the connection. */
export function callerOf(socket: Duplex): Caller {
  if (!(socket instanceof TLSSocket)) throw new Error('not a TLS connection');
  const { servername: serverName } = socket;
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const subject = new Map(Object.entries({ ...certificate?.toLegacyObject().subject }));
  return {
    serverName: typeof serverName === 'string' ? serverName : '',
    certificate,
    attribute(oid) {
      const value: unknown = subject.get(oid);
      return typeof value === 'string' ? value : '';
    },
  };
}
