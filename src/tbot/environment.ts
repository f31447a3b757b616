import type { Identity } from '../methods/choose.ts';
import { methodVariables } from '../methods/methods.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Environment } from '../ci/port.ts';
import type { Onboarding } from '../methods/onboarding.ts';
import { metadataHosts, namesLoopback } from '../http/hosts.ts';

const inherited: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'TMP',
  'TEMP',
  'USERPROFILE',
  'SYSTEMROOT',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'RUNNER_TRACKING_ID',
]);

/** Of a proxy alone: without one tbot refuses to start with it (lib/tbot/bot/connection/config.go). */
const ofProxies = 'TBOT_USE_PROXY_ADDR';

export interface EnvironmentRequest {
  readonly env: Environment;
  readonly identity: Identity;
  readonly endpoint: Pick<Endpoint, 'kind'>;
  readonly anonymousTelemetry: boolean;
  /** Further variables of the step that tbot reads for the services. */
  readonly serviceVariables?: readonly string[];
  /** A PEM bundle that replaces the system's; undefined leaves what is there. */
  readonly caBundle: string | undefined;
}

/**
 * The environment that tbot is started with: what is listed here and nothing else. Variables such as
 * TELEPORT_PROXY or TELEPORT_BOT_TOKEN override the config file (tool/tbot, lib/tbot/cli), and
 * INPUT_* or secrets of the job are none of its business.
 */
export function tbotEnvironment(request: EnvironmentRequest): Readonly<Record<string, string>> {
  // Windows has names in any case (`Path`), and so have the variables of proxies.
  const names = Object.keys(request.env).filter(
    (name) =>
      inherited.has(name.toUpperCase()) ||
      (name.toUpperCase() === ofProxies && request.endpoint.kind === 'proxy'),
  );
  return {
    ...withoutMetadata(pick(request.env, names)),
    ...pick(request.env, request.serviceVariables ?? []),
    ...methodEnvironment(request),
    ...(request.caBundle === undefined ? {} : { SSL_CERT_FILE: request.caBundle }),
    TELEPORT_ANONYMOUS_TELEMETRY: request.anonymousTelemetry ? '1' : '0',
    ...(request.anonymousTelemetry ? { _TBOT_TELEMETRY_HELPER: 'gha:machine-id-action' } : {}),
  };
}

/** What the join method reads from the environment (lib/join, one token source a method). */
function methodEnvironment({ env, identity }: EnvironmentRequest): Record<string, string> {
  if (identity.method === 'github')
    return pick(env, ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
  if (identity.method === 'azure')
    return namesLoopback(env['AZURE_POD_IDENTITY_AUTHORITY_HOST'])
      ? pick(env, ['AZURE_POD_IDENTITY_AUTHORITY_HOST'])
      : {};
  if (identity.method === 'gcp')
    return namesLoopback(`http://${env['GCE_METADATA_HOST'] ?? ''}`)
      ? pick(env, ['GCE_METADATA_HOST'])
      : {};
  const { required, optional } = methodVariables(identity.method, identity.onboarding);
  return { ...pick(env, [...required, ...optional]), ...renamed(identity.onboarding, env) };
}

/**
 * Parameters that every tbot takes from a variable, and only newer ones from the config (CHANGELOG.md,
 * 17.4.6; lib/kube/token/source.go).
 */
function renamed({ gitlab, kubernetes }: Onboarding, env: Environment): Record<string, string> {
  const token = env[gitlab?.token_env_var_name ?? ''];
  const path = kubernetes?.token_path;
  return {
    ...(token === undefined ? {} : { TBOT_GITLAB_JWT: token }),
    ...(path === undefined ? {} : { KUBERNETES_TOKEN_PATH: path }),
  };
}

function pick(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

/** Keeps requests to metadata services out of a proxy, where one is set. */
function withoutMetadata(env: Record<string, string>): Record<string, string> {
  const names = Object.keys(env);
  if (!names.some((name) => /^(https?|all)_proxy$/i.test(name))) return env;
  // Go takes the first that is not empty (golang.org/x/net/http/httpproxy).
  const before = names
    .filter((name) => /^no_proxy$/i.test(name))
    .toSorted()
    .map((name) => env[name])
    .find((value) => value !== '');
  const exceptions = [...(before ? [before] : []), ...metadataHosts].join(',');
  return { ...env, NO_PROXY: exceptions, no_proxy: exceptions };
}
