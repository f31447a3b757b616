import { formatDuration } from '../../inputs/duration.ts';
import type { Service } from './service.ts';

/** Takes note of what is wrong about a key. */
type Complain = (key: string, what: string) => void;

/** What the fields can't say: keys that exclude or need each other, limits, names of files. */
export function checkService(service: Service, complain: Complain): void {
  if ('roles' in service && 'delegation_session_id' in service)
    complain('delegation_session_id', '`roles` and `delegation_session_id` exclude each other');
  switch (service.type) {
    case 'kubernetes/v2':
      return checkSelectors(service, complain);
    case 'ssh_host':
      return atLeastOne('principals', service.principals, complain);
    case 'workload-identity-jwt':
      atLeastOne('audiences', service.audiences, complain);
      return checkSelector(service, complain);
    case 'workload-identity-x509':
      return checkSelector(service, complain);
    case 'workload-identity-aws-roles-anywhere':
      checkSelector(service, complain);
      return checkRolesAnywhere(service, complain);
    case 'identity':
    case 'application':
    case 'database':
    case 'kubernetes':
      return;
    default:
      return service satisfies never;
  }
}

type Of<T extends Service['type']> = Extract<Service, { type: T }>;

function atLeastOne(key: string, list: readonly unknown[], complain: Complain): void {
  if (list.length === 0) complain(key, `\`${key}\` needs at least one entry`);
}

function checkSelectors({ selectors }: Of<'kubernetes/v2'>, complain: Complain): void {
  atLeastOne('selectors', selectors, complain);
  for (const { name, labels } of selectors) oneOfBoth(name, labels, 'selectors', complain);
}

type WithSelector = Extract<Service, { readonly selector: unknown }>;

function checkSelector({ selector }: Pick<WithSelector, 'selector'>, complain: Complain): void {
  const { name, labels } = selector;
  oneOfBoth(name, labels, 'selector', complain);
  for (const [label, values] of Object.entries(labels ?? {}))
    if (values.length === 0)
      complain('selector', `the label \`${label}\` needs at least one value`);
}

function oneOfBoth(
  name: string | undefined,
  labels: Readonly<Record<string, unknown>> | undefined,
  key: string,
  complain: Complain,
): void {
  const byLabels = labels !== undefined && Object.keys(labels).length > 0;
  if (name !== undefined && byLabels)
    complain(key, `\`${key}\`: give \`name\` or \`labels\`, not both`);
  if (name === undefined && !byLabels) complain(key, `\`${key}\` needs \`name\` or \`labels\``);
}

const hour = 3600;

function checkRolesAnywhere(
  service: Of<'workload-identity-aws-roles-anywhere'>,
  complain: Complain,
): void {
  for (const key of ['role_arn', 'profile_arn', 'trust_anchor_arn'] as const) {
    const arn = service[key];
    if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn))
      complain(key, `\`${key}\` must be an ARN: \`arn:aws:...\``);
  }
  const { session_duration: duration = 6 * hour, session_renewal_interval: renewal = hour } =
    service;
  if (duration > 12 * hour)
    complain('session_duration', '`session_duration` may be 12h at the most');
  // tbot checks this in oneshot as well.
  if (renewal >= duration)
    complain(
      'session_duration' in service ? 'session_duration' : 'session_renewal_interval',
      `\`session_renewal_interval\` (${formatDuration(renewal)}) must be shorter than \`session_duration\` (${formatDuration(duration)}); unless they are given they are 1h and 6h`,
    );
  const { artifact_name: file } = service;
  if (file !== undefined && !/^(?!\.+$)[\w.-]{1,100}$/.test(file))
    complain('artifact_name', '`artifact_name` must be the plain name of a file');
}
