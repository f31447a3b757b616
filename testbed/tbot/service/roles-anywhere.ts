import { parseGoDuration } from '../duration.ts';
import { Failure } from '../failure.ts';
import { textAt, type Values } from '../values.ts';
import type { PlayedVersion } from '../versions.ts';
import type { RolesAnywhereService } from './service.ts';

const HOUR = 3600;
const longestSession = 12 * HOUR;

type RolesAnywhere = Omit<
  RolesAnywhereService,
  'type' | 'name' | 'destination' | 'lifetime' | 'selector'
>;

/** Reads the fields for AWS. Source: `lib/tbot/services/awsra/config.go`. */
export function readRolesAnywhere(entry: Values, version: PlayedVersion): RolesAnywhere {
  const arns = ['role_arn', 'profile_arn', 'trust_anchor_arn'] as const;
  for (const key of arns) {
    if (textAt(entry, key) === '') throw new Failure(`${key}: must be set`);
  }
  for (const key of arns) {
    if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(textAt(entry, key))) {
      throw new Failure('arn: invalid prefix', [`parsing ${key}`]);
    }
  }
  const sessionDuration = duration(entry, 'session_duration') || 6 * HOUR;
  const renewal = duration(entry, 'session_renewal_interval') || HOUR;
  if (sessionDuration > longestSession) {
    throw new Failure('session_duration: must be less than or equal to 12 hours');
  }
  const later = (key: string): string => (version.knowsKey(key) ? textAt(entry, key) : '');
  if (renewal >= sessionDuration) {
    throw new Failure('session_renewal_interval: must be less than session_duration');
  }
  return {
    roleArn: textAt(entry, 'role_arn'),
    profileArn: textAt(entry, 'profile_arn'),
    trustAnchorArn: textAt(entry, 'trust_anchor_arn'),
    region: textAt(entry, 'region'),
    sessionDuration,
    profile: later('credential_profile_name') || 'default',
    artifact: later('artifact_name') || 'aws_credentials',
    overwrite:
      version.knowsKey('overwrite_credential_file') && entry['overwrite_credential_file'] === true,
  };
}

function duration(entry: Values, key: string): number {
  const text = textAt(entry, key);
  if (text === '') return 0;
  const seconds = parseGoDuration(text);
  if (seconds !== undefined) return seconds;
  throw new Failure(
    `failed parsing config file: yaml: unmarshal errors:  cannot unmarshal !!str \`${text}\` into time.Duration`,
  );
}
