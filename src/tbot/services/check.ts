import { formatDuration } from '../../text/duration.ts';
import type { ServiceDraft } from './service.ts';

/** A key of a service; where it holds a list, which of the items. */
export interface Place {
  readonly key: string;
  readonly item?: number;
}

/** Takes note of what is wrong at a place. */
type Complain = (place: Place, what: string) => void;

/**
 * What the fields can't say: keys that exclude or need each other, limits, names of files. A key that
 * is absent, or could not be read, is no mistake here.
 */
export function checkService(service: ServiceDraft, complain: Complain): void {
  if ('roles' in service && 'delegation_session_id' in service)
    complain(
      { key: 'delegation_session_id' },
      '`roles` and `delegation_session_id` exclude each other',
    );
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

type Of<T extends ServiceDraft['type']> = Extract<ServiceDraft, { type: T }>;

function atLeastOne(key: string, list: readonly unknown[] | undefined, complain: Complain): void {
  if (list?.length === 0) complain({ key }, `\`${key}\` needs at least one entry`);
}

function checkSelectors({ selectors }: Of<'kubernetes/v2'>, complain: Complain): void {
  atLeastOne('selectors', selectors, complain);
  for (const [item, { name, labels }] of (selectors ?? []).entries())
    oneOfBoth(name, labels, (what) => complain({ key: 'selectors', item }, `a selector ${what}`));
}

type WithSelector = Extract<ServiceDraft, { readonly selector?: unknown }>;

function checkSelector({ selector }: Pick<WithSelector, 'selector'>, complain: Complain): void {
  if (selector === undefined) return;
  const { name, labels } = selector;
  const key = 'selector';
  oneOfBoth(name, labels, (what) => complain({ key }, `\`selector\` ${what}`));
  for (const [label, values] of Object.entries(labels ?? {}))
    if (values.length === 0) complain({ key }, `the label \`${label}\` needs at least one value`);
}

function oneOfBoth(
  name: string | undefined,
  labels: Readonly<Record<string, unknown>> | undefined,
  complain: (what: string) => void,
): void {
  const byLabels = labels !== undefined && Object.keys(labels).length > 0;
  if (name !== undefined && byLabels) complain('takes `name` or `labels`, not both');
  if (name === undefined && !byLabels) complain('needs `name` or `labels`');
}

const minute = 60;
const hour = 60 * minute;

/** Limits of AWS (IAM Roles Anywhere, CreateSession) and of tbot (lib/tbot/services/awsra). */
function checkRolesAnywhere(
  service: Of<'workload-identity-aws-roles-anywhere'>,
  complain: Complain,
): void {
  for (const key of ['role_arn', 'profile_arn', 'trust_anchor_arn'] as const) {
    const arn = service[key];
    if (arn !== undefined && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn))
      complain({ key }, `\`${key}\` must be an ARN: \`arn:aws:...\``);
  }
  checkSession(service, complain);
  const { artifact_name: file } = service;
  if (file !== undefined && !/^(?!\.+$)[\w.-]{1,100}$/.test(file))
    complain({ key: 'artifact_name' }, '`artifact_name` must be the plain name of a file');
}

type Session = Pick<
  Of<'workload-identity-aws-roles-anywhere'>,
  'session_duration' | 'session_renewal_interval'
>;

function checkSession(
  { session_duration: duration = 6 * hour, session_renewal_interval: renewal }: Session,
  complain: Complain,
): void {
  if (duration > 12 * hour || duration < 15 * minute)
    complain({ key: 'session_duration' }, '`session_duration` is 15m at the least and 12h at most');
  if (renewal !== undefined && renewal >= duration)
    complain(
      { key: 'session_renewal_interval' },
      `\`session_renewal_interval\` (${formatDuration(renewal)}) must be shorter than \`session_duration\` (${formatDuration(duration)})`,
    );
}
