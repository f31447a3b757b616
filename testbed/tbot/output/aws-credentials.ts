import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedPart, type AwsSession } from '../../teleport/roles-anywhere.ts';
import { writeArtifact } from '../destination.ts';
import type { RolesAnywhereService } from '../service/service.ts';
import { ask, doing, type OutputContext } from './context.ts';
import { requestX509Svid } from './svid.ts';

/** The lifetime of the SVID, which is only used for the exchange. */
const SVID_SECONDS = 600;

/** Exchanges an SVID for AWS credentials. Source: `lib/tbot/services/awsra/service.go`; there is no `.write-test`. */
export async function generateAwsCredentials(
  service: RolesAnywhereService,
  context: OutputContext,
): Promise<void> {
  const { key, certificate } = await requestX509Svid(service, SVID_SECONDS, context);
  const { roleArn, profileArn, trustAnchorArn, sessionDuration: durationSeconds } = service;
  const asked = { roleArn, profileArn, trustAnchorArn, durationSeconds };
  const signature = sign('sha256', Buffer.from(signedPart(asked)), key).toString('base64');
  const session: AwsSession = await doing('exchanging SVID via Roles Anywhere', () =>
    doing('exchanging credentials', () =>
      ask('/testbed/aws-session', { ...asked, certificate, signature }, context),
    ),
  );
  writeArtifact(service.destination, service.artifact, merge(service, section(service, session)));
}

function section({ profile }: RolesAnywhereService, session: AwsSession): string {
  return [
    `[${profile}]`,
    `aws_secret_access_key = ${session.secretAccessKey}`,
    `aws_access_key_id     = ${session.accessKeyId}`,
    `aws_session_token     = ${session.sessionToken}`,
    `expiration            = ${Date.parse(session.expiration)}`,
    '',
  ].join('\n');
}

/** Keeps the other profiles of an existing file, unless it must be overwritten. */
function merge(service: RolesAnywhereService, added: string): string {
  const { destination, artifact, profile, overwrite } = service;
  if (overwrite || destination.type !== 'directory') return added;
  const kept = read(join(destination.path, artifact))
    .split(/^(?=\[)/m)
    .filter((part) => part.trim() !== '' && !part.startsWith(`[${profile}]`));
  return [...kept.map((part) => `${part.trimEnd()}\n\n`), added].join('');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
