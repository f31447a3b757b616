import { isIP } from 'node:net';

import type { HttpProxy } from './proxy-choice.ts';

/** Where a connection leads, and over which HTTP proxy. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly proxy: HttpProxy | undefined;
}

/** `host:port`, with brackets where an IPv6 address needs them. */
export function peerName(end: { readonly host: string; readonly port: number }): string {
  return isIP(end.host) === 6 ? `[${end.host}]:${end.port}` : `${end.host}:${end.port}`;
}
