import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** The client of a TLS connection. */
export interface Caller {
  /** The requested server name (SNI), or ''. */
  readonly serverName: string;
  /** The client certificate, if the cluster's user CA signed it. */
  readonly certificate: X509Certificate | undefined;
  /** Returns an attribute of its subject, or ''. */
  attribute(oid: string): string;
}

/** Returns the client of a connection. */
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
