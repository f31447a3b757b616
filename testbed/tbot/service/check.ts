import { Failure } from '../failure.ts';
import { readServiceLifetime } from '../lifetime.ts';
import { isLongRunning } from '../milestones.ts';
import { listAt, textAt, type Values } from '../values.ts';
import type { PlayedVersion } from '../versions.ts';
import { readBackground } from './background.ts';
import { checkName, checkUnique } from './names.ts';
import type { ParsedService } from './parse.ts';
import { readRolesAnywhere } from './roles-anywhere.ts';
import { readKubernetesSelectors, readWorkloadSelector } from './selectors.ts';
import type { DatabaseService, OutputService, Service, SshHostService } from './service.ts';

/** Checks the entries. Sources: `output_config.go` and similar files below `lib/tbot/services`. */
export function checkServices(
  services: readonly ParsedService[],
  version: PlayedVersion,
): Service[] {
  const checked = services.map((parsed, index) => {
    try {
      return checkService(parsed, version);
    } catch (error) {
      if (!(error instanceof Failure) || version.entry === 'output') throw error;
      throw error.within(`validating service[${index}]`);
    }
  });
  checkUnique(checked);
  return checked;
}

function checkService(parsed: ParsedService, version: PlayedVersion): Service {
  const { type, entry, destination } = parsed;
  if (version.refusesRoles && listAt(entry, 'roles').length > 0) throw new Failure(noRoles);
  const given = version.knowsKey('name') ? textAt(entry, 'name') : '';
  if (given !== '') checkName(given);
  const name = given === '' ? {} : { name: given };
  if (isLongRunning(type)) {
    const place = destination ?? ({ type: 'memory' } as const);
    const background = readBackground(type, entry, destination, version);
    return { type: 'long-running', played: type, destination: place, background, ...name };
  }
  // It writes to a cluster and has no destination.
  if (type === 'kubernetes/argo-cd') throw new Failure(notPlayed(type));
  if (destination === undefined) throw new Failure('no destination configured for output');
  const limit = /^workload-identity-(x509|jwt)$/.test(type) ? 'unlimited' : 'limited';
  const lifetime = readServiceLifetime(entry, version, limit);
  return { ...output(type, entry, version), destination, ...name, ...(lifetime && { lifetime }) };
}

function notPlayed(type: string): string {
  return `the stand-in does not play the type ${type}`;
}

const noRoles =
  'roles: the roles field is no longer supported and must be removed from your configuration. See https://goteleport.com/docs/reference/machine-workload-identity/v19-upgrade-guide/ for further information.';

type Distributed<T> = T extends OutputService
  ? Omit<T, 'destination' | 'name' | 'lifetime'>
  : never;

function output(type: string, entry: Values, version: PlayedVersion): Distributed<OutputService> {
  const roles = listAt(entry, 'roles').map(String);
  const execPlugin = !(
    version.knowsKey('disable_exec_plugin') && entry['disable_exec_plugin'] === true
  );
  switch (type) {
    case 'identity':
      return { type, roles, ...identity(entry, version) };
    case 'application': {
      const tlsNames = entry['specific_tls_naming'] === true;
      return { type, roles, app: needed(entry, 'app_name'), tlsNames };
    }
    case 'database':
      return { type, roles, ...database(entry) };
    case 'kubernetes': {
      const kubernetesCluster = needed(entry, 'kubernetes_cluster');
      return { type, roles, kubernetesCluster, execPlugin };
    }
    case 'kubernetes/v2': {
      const selectors = readKubernetesSelectors(entry, version);
      return { type, selectors, execPlugin, contextNameTemplate: template(entry, version) };
    }
    case 'ssh_host':
      return { type, roles, ...sshHost(entry, version) };
    default:
      return workload(type, entry, version);
  }
}

function workload(type: string, entry: Values, version: PlayedVersion): Distributed<OutputService> {
  switch (type) {
    case 'workload-identity-x509':
      checkTrustDomains(entry, version);
      return { type, selector: readWorkloadSelector(entry) };
    case 'workload-identity-jwt': {
      const audiences = listAt(entry, 'audiences').map(String);
      const selector = readWorkloadSelector(entry);
      if (audiences.length === 0) throw new Failure('audiences: must have at least one value');
      return { type, selector, audiences };
    }
    case 'workload-identity-aws-roles-anywhere':
      return { type, selector: readWorkloadSelector(entry), ...readRolesAnywhere(entry, version) };
    default:
      throw new Failure(notPlayed(type));
  }
}

function identity(entry: Values, version: PlayedVersion) {
  const cluster = textAt(entry, 'cluster');
  const mode = version.knowsKey('ssh_config') ? (entry['ssh_config'] ?? 'on') : 'on';
  if (mode !== 'on' && mode !== 'off') {
    throw new Failure(`ssh_config: unrecognized value ${JSON.stringify(mode)}`);
  }
  return {
    allowReissue: version.knowsKey('allow_reissue') && entry['allow_reissue'] === true,
    sshConfig: mode === 'on',
    ...(cluster === '' ? {} : { cluster }),
  };
}

function database(
  entry: Values,
): Pick<DatabaseService, 'service' | 'database' | 'username' | 'format'> {
  const format = textAt(entry, 'format');
  const service = needed(entry, 'service');
  if (format !== '' && format !== 'tls' && format !== 'mongo' && format !== 'cockroach') {
    throw new Failure(`unrecognized format (${format})`);
  }
  return {
    service,
    database: textAt(entry, 'database'),
    username: textAt(entry, 'username'),
    format,
  };
}

/** Source: `lib/tbot/bot/workload_identity.go`, golden file `with_trust_domains`. */
function checkTrustDomains(entry: Values, version: PlayedVersion): void {
  const given = entry['trust_domains'] ?? [];
  if (!version.knowsKey('trust_domains')) return;
  if (!Array.isArray(given))
    throw new Failure(
      'failed parsing config file: yaml: unmarshal errors:  cannot unmarshal !!map into []string',
    );
  for (const domain of given)
    if (domain !== 'app_client')
      throw new Failure(`trust_domains: unknown value ${JSON.stringify(domain)}`);
}

function sshHost(
  entry: Values,
  version: PlayedVersion,
): Pick<SshHostService, 'principals' | 'caType'> {
  const principals = listAt(entry, 'principals').map(String);
  if (principals.length === 0) throw new Failure('at least one principal must be specified');
  // Older versions ignore the key and write the user CA.
  const caType = (version.knowsKey('ca_type') && textAt(entry, 'ca_type')) || 'user';
  if (caType === 'user' || caType === 'openssh') return { principals, caType };
  throw new Failure(`ca_type (${JSON.stringify(caType)}) is unsupported`);
}

const defaultTemplate = '{{.ClusterName}}-{{.KubeName}}';

function template(entry: Values, version: PlayedVersion): string {
  const given = textAt(entry, 'context_name_template');
  if (given === '' || !version.knowsKey('context_name_template')) return defaultTemplate;
  const unknown = given.replaceAll(/\{\{\s*\.(ClusterName|KubeName|Labels(\.\w+)?)\s*\}\}/g, '');
  if (!/\{\{|\}\}/.test(unknown)) return given;
  throw new Failure(`context_name_template is invalid: template: can't evaluate ${unknown}`);
}

function needed(entry: Values, key: string): string {
  const value = textAt(entry, key);
  if (value === '') throw new Failure(`${key} must not be empty`);
  return value;
}
