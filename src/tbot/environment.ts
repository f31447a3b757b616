import { type Identity, methodEnvironment } from '../methods/join-identity.ts';
import { metadataHosts } from '../http/hosts.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Environment } from '../ci/port.ts';

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

/** Passed on only with a proxy: otherwise tbot does not start (lib/tbot/bot/connection/config.go). */
const proxyVariable = 'TBOT_USE_PROXY_ADDR';

export interface EnvironmentRequest {
  readonly env: Environment;
  readonly identity: Identity;
  readonly endpoint: Pick<Endpoint, 'kind'>;
  readonly anonymousTelemetry: boolean;
  /** Further variables of the step that tbot reads for the services. */
  readonly serviceVariables?: readonly string[];
  /** Path of a PEM bundle that replaces the system's CA certificates; undefined keeps them. */
  readonly caBundle: string | undefined;
}

/**
 * Returns the environment of the tbot process, which has only the variables listed here. Variables such
 * as TELEPORT_PROXY or TELEPORT_BOT_TOKEN would override the config file (tool/tbot, lib/tbot/cli), and
 * tbot does not need INPUT_* or the job's secrets.
 */
export function tbotEnvironment(request: EnvironmentRequest): Readonly<Record<string, string>> {
  // Names on Windows can be in any case (`Path`), and so can proxy variables.
  const names = Object.keys(request.env).filter(
    (name) =>
      inherited.has(name.toUpperCase()) ||
      (name.toUpperCase() === proxyVariable && request.endpoint.kind === 'proxy'),
  );
  return {
    ...withoutMetadata(pick(request.env, names)),
    ...pick(request.env, request.serviceVariables ?? []),
    ...methodEnvironment(request.identity, request.env),
    ...(request.caBundle === undefined ? {} : { SSL_CERT_FILE: request.caBundle }),
    TELEPORT_ANONYMOUS_TELEMETRY: request.anonymousTelemetry ? '1' : '0',
    ...(request.anonymousTelemetry ? { _TBOT_TELEMETRY_HELPER: 'gha:machine-id-action' } : {}),
  };
}

function pick(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

/** Excludes metadata services from the proxy, if one is set. */
function withoutMetadata(env: Record<string, string>): Record<string, string> {
  const names = Object.keys(env);
  if (!names.some((name) => /^(https?|all)_proxy$/i.test(name))) return env;
  // Go uses the first that is not empty (golang.org/x/net/http/httpproxy).
  const before = names
    .filter((name) => /^no_proxy$/i.test(name))
    .toSorted()
    .map((name) => env[name])
    .find((value) => value !== '');
  const exceptions = [...(before ? [before] : []), ...metadataHosts].join(',');
  return { ...env, NO_PROXY: exceptions, no_proxy: exceptions };
}
