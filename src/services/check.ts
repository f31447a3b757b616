import { formatDuration } from '../text/duration.ts';
import type { ServiceDraft } from './service.ts';

/** Takes note of what is wrong about a key. */
type AddError = (key: string, what: string) => void;

/**
 * What the fields can't say: keys that exclude each other, limits, names of files. `unread` are keys
 * that are there and hold something else than they should: nothing is said about them.
 */
export function checkService(
  service: ServiceDraft,
  unread: ReadonlySet<string>,
  addError: AddError,
): void {
  if ('roles' in service && 'delegation_session_id' in service)
    addError('delegation_session_id', '`roles` and `delegation_session_id` exclude each other');
  if (service.type === 'workload-identity-aws-roles-anywhere') {
    checkNames(service, addError);
    if (!unread.has('session_duration')) checkSession(service, addError);
  }
}

type RolesAnywhere = Extract<ServiceDraft, { type: 'workload-identity-aws-roles-anywhere' }>;

const minute = 60;
const hour = 60 * minute;

/** Length of a session of AWS unless it is given, in seconds (lib/tbot/services/awsra/config.go). */
export const defaultSession = 6 * hour;

function checkNames(service: RolesAnywhere, addError: AddError): void {
  for (const key of ['role_arn', 'profile_arn', 'trust_anchor_arn'] as const) {
    const arn = service[key];
    if (arn !== undefined && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn))
      addError(key, `\`${key}\` must be an ARN: \`arn:aws:...\``);
  }
  const { artifact_name: file } = service;
  if (file !== undefined && !/^(?!\.+$)[\w.-]{1,100}$/.test(file))
    addError('artifact_name', '`artifact_name` must be the plain name of a file');
}

/** Limits of AWS (IAM Roles Anywhere, CreateSession) and of tbot (lib/tbot/services/awsra). */
function checkSession(
  { session_duration: duration = defaultSession, session_renewal_interval: renewal }: RolesAnywhere,
  addError: AddError,
): void {
  if (duration > 12 * hour || duration < 15 * minute)
    addError('session_duration', '`session_duration` is 15m at the least and 12h at most');
  if (renewal !== undefined && renewal >= duration)
    addError(
      'session_renewal_interval',
      `\`session_renewal_interval\` (${formatDuration(renewal)}) must be shorter than \`session_duration\` (${formatDuration(duration)})`,
    );
}
