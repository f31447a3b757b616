import type { Destination } from '../destination.ts';
import type { Lifetime } from '../lifetime.ts';
import type { BackgroundService } from './background.ts';

/** The fields of services that write files. */
interface ServiceBase {
  readonly name?: string;
  readonly destination: Destination;
  readonly lifetime?: Lifetime;
}

/** The fields of services that use the bot's roles. */
interface RoleService extends ServiceBase {
  /** Empty: all roles of the bot. */
  readonly roles: readonly string[];
}

export interface IdentityService extends RoleService {
  readonly type: 'identity';
  readonly allowReissue: boolean;
  readonly sshConfig: boolean;
  readonly cluster?: string;
}

export interface ApplicationService extends RoleService {
  readonly type: 'application';
  readonly app: string;
  readonly tlsNames: boolean;
}

export interface DatabaseService extends RoleService {
  readonly type: 'database';
  readonly service: string;
  readonly database: string;
  readonly username: string;
  readonly format: '' | 'tls' | 'mongo' | 'cockroach';
}

export interface KubernetesService extends RoleService {
  readonly type: 'kubernetes';
  readonly kubernetesCluster: string;
  readonly execPlugin: boolean;
}

/** Selects Kubernetes clusters by name or labels. */
export type KubernetesSelector = { readonly defaultNamespace: string } & (
  { readonly name: string } | { readonly labels: Readonly<Record<string, string>> }
);

export interface KubernetesV2Service extends ServiceBase {
  readonly type: 'kubernetes/v2';
  readonly selectors: readonly KubernetesSelector[];
  readonly execPlugin: boolean;
  readonly contextNameTemplate: string;
}

export interface SshHostService extends RoleService {
  readonly type: 'ssh_host';
  readonly principals: readonly string[];
  readonly caType: 'user' | 'openssh';
}

/** Selects workload identities by name, or by labels with several values each. */
export type WorkloadSelector =
  { readonly name: string } | { readonly labels: Readonly<Record<string, readonly string[]>> };

export interface X509SvidService extends ServiceBase {
  readonly type: 'workload-identity-x509';
  readonly selector: WorkloadSelector;
}

export interface JwtSvidService extends ServiceBase {
  readonly type: 'workload-identity-jwt';
  readonly selector: WorkloadSelector;
  readonly audiences: readonly string[];
}

export interface RolesAnywhereService extends ServiceBase {
  readonly type: 'workload-identity-aws-roles-anywhere';
  readonly selector: WorkloadSelector;
  readonly roleArn: string;
  readonly profileArn: string;
  readonly trustAnchorArn: string;
  readonly region: string;
  /** Seconds. */
  readonly sessionDuration: number;
  readonly profile: string;
  readonly artifact: string;
  readonly overwrite: boolean;
}

/** A long-running service; `background` holds its settings. */
export interface LongRunningService {
  readonly type: 'long-running';
  readonly name?: string;
  readonly played: string;
  /** Only ssh-multiplexer and identity/key-agent have one. */
  readonly destination: Destination;
  readonly background: BackgroundService;
}

/** A service that issues credentials once. */
export type OutputService =
  | IdentityService
  | ApplicationService
  | DatabaseService
  | KubernetesService
  | KubernetesV2Service
  | SshHostService
  | X509SvidService
  | JwtSvidService
  | RolesAnywhereService;

export type Service = OutputService | LongRunningService;
