import { formatDuration } from '../text/time.ts';
import { type AddKeyError, defineService, type LifetimeRule } from './service.ts';
import { selectedName, selectorField } from './workload-identity.ts';

const minute = 60;
const hour = 60 * minute;

/** The default of `session_duration`, in seconds (lib/tbot/services/awsra/config.go). */
const defaultSession = 6 * hour;

/** tbot's own renewal interval; tbot rejects one that is not shorter than the session. */
const defaultRenewal = hour;

const sessionLifetime: LifetimeRule = {
  key: 'session_duration',
  defaultSeconds: defaultSession,
  limitedByTbot: false,
  shortenedBy: 'AWS limits sessions to the maximum duration of the role and of the profile.',
  outlivesJob: 'AWS session',
  complete: ({ session_duration: duration, session_renewal_interval: renewal }) =>
    typeof duration !== 'number' || renewal !== undefined || duration > defaultRenewal
      ? {}
      : { session_renewal_interval: duration / 2 },
};

/** Pull request 54260. */
const sinceNamedFile = { since: ['17.4.7'] } as const;

/** An AWS session, through IAM Roles Anywhere. */
export const workloadIdentityAwsRolesAnywhere = defineService({
  type: 'workload-identity-aws-roles-anywhere',
  since: { since: ['17.4.0'] },
  fields: {
    ...selectorField,
    role_arn: { kind: 'text', required: true, aliases: ['role'] },
    profile_arn: { kind: 'text', required: true, aliases: ['profile'] },
    trust_anchor_arn: { kind: 'text', required: true, aliases: ['trust_anchor'] },
    region: { kind: 'text' },
    session_duration: { kind: 'duration', aliases: ['duration', 'ttl', 'credential_ttl'] },
    session_renewal_interval: { kind: 'duration' },
    credential_profile_name: { kind: 'text', since: sinceNamedFile },
    artifact_name: { kind: 'text', since: sinceNamedFile },
    overwrite_credential_file: { kind: 'boolean', since: sinceNamedFile },
  },
  lifetime: sessionLifetime,
  // Without `region`, the region is taken from these.
  variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  target: ({ selector }) => selectedName(selector),
  files: ({ artifact_name: name = 'aws_credentials' }) => ({
    essential: { 'aws-credentials': name },
    optional: {},
  }),
  check(draft, addError, unread) {
    checkNames(draft, addError);
    if (!unread.has('session_duration')) checkSession(draft, addError);
  },
});

type Draft = Readonly<
  Partial<
    Record<'role_arn' | 'profile_arn' | 'trust_anchor_arn' | 'artifact_name', string> &
      Record<'session_duration' | 'session_renewal_interval', number>
  >
>;

function checkNames(draft: Draft, addError: AddKeyError): void {
  for (const key of ['role_arn', 'profile_arn', 'trust_anchor_arn'] as const) {
    const arn = draft[key];
    if (arn !== undefined && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn))
      addError(key, `\`${key}\` must be an ARN, such as \`arn:aws:...\``);
  }
  const { artifact_name: file } = draft;
  if (file !== undefined && !/^(?!\.+$)[\w.-]{1,100}$/.test(file))
    addError('artifact_name', '`artifact_name` must be a file name without a directory');
}

/** The limits of AWS (IAM Roles Anywhere, CreateSession) and of tbot (lib/tbot/services/awsra). */
function checkSession(
  { session_duration: duration = defaultSession, session_renewal_interval: renewal }: Draft,
  addError: AddKeyError,
): void {
  if (duration > 12 * hour || duration < 15 * minute)
    addError('session_duration', '`session_duration` must be from `15m` to `12h`');
  if (renewal !== undefined && renewal >= duration)
    addError(
      'session_renewal_interval',
      `\`session_renewal_interval\` (${formatDuration(renewal)}) must be shorter than \`session_duration\` (${formatDuration(duration)})`,
    );
}
