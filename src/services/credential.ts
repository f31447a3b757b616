import type { Service, ServiceType } from './index.ts';
import type { Files, Role } from './service.ts';

/** The contents of a Teleport client certificate. */
export interface CertificateFacts {
  /** The cluster whose CA signed it. */
  readonly cluster: string;
  /** The Teleport user: `bot-<name>` for a bot. */
  readonly user: string;
  readonly roles: readonly string[];
  readonly botInstanceId: string | undefined;
  readonly expiresAt: Date;
}

/** Returns the name of a bot; its user has the prefix `bot-` (lib/auth/machineid). */
export function botOf({ user }: Pick<CertificateFacts, 'user'>): string {
  return user.replace(/^bot-/, '');
}

/** What the files of a credential contain. */
export interface Verified {
  /** The Teleport certificate; undefined for an SVID, an AWS session or a host certificate. */
  readonly certificate: CertificateFacts | undefined;
  /** The cluster that issued it, if the files name it. */
  readonly cluster?: string | undefined;
  /** When the first of its certificates expires; undefined if none does. */
  readonly expiresAt: Date | undefined;
}

/** What tbot issued for one service, verified. */
export interface Credential extends Verified {
  readonly name: string;
  readonly type: ServiceType;
  readonly dir: string;
  /** Absolute paths. */
  readonly files: Files;
  readonly service?: Service;
  /** The address that tbot serves it at: `tcp://127.0.0.1:PORT` or `unix:///PATH`. */
  readonly listen?: string | undefined;
}

/** Returns the text of a file of a credential; empty if there is none. */
export type TextOf = (role: Role) => string;
