import {
  type MessageFacts,
  type CauseOf,
  command,
  sentence,
  type Text,
  theJoinToken,
  tokenRef,
} from './message.ts';

type Reason = CauseOf<'bound-keypair'>['reason'];

/** The key pair, the secret or the state of a `bound_keypair` token does not permit the join. */
export function boundKeypairMessage(
  { reason, message }: CauseOf<'bound-keypair'>,
  { context }: MessageFacts,
): Text {
  return {
    what: `${theJoinToken(context)} ${causes[reason]}: ${sentence(message)}`,
    fix: fixOf(reason, tokenRef(context)),
  };
}

const causes = {
  'join-state': 'requires the join state of the previous join, which this action does not keep',
  secret: 'rejected the registration secret of this job',
  limit: 'permits no more joins',
  key: 'is bound to a different key pair',
  state: 'is in a state that does not permit joins',
  concurrent: 'was used by another job at the same time',
} as const satisfies Record<Reason, string>;

function fixOf(reason: Reason, token: string): string {
  const edit = `Ask the Teleport administrator to run ${command('tctl', 'edit', token)}`;
  switch (reason) {
    case 'join-state':
      return `${edit} and set \`spec.bound_keypair.recovery.mode\` to \`insecure\`, and to remove the lock on the token if ${command('tctl', 'get', 'locks')} shows one.`;
    case 'secret':
      return 'Set `TBOT_REGISTRATION_SECRET` to the registration secret of the token. The secret can be used once and may expire, so jobs that run repeatedly need a static key (`TBOT_BOUND_KEYPAIR_STATIC_KEY`).';
    case 'limit':
      return `${edit} and raise \`spec.bound_keypair.recovery.limit\`, or set \`recovery.mode\` to \`insecure\`.`;
    case 'key':
      return `Set \`TBOT_BOUND_KEYPAIR_STATIC_KEY\`, or \`static_private_key_path\` in \`onboarding\`, to the private key that matches the public key in ${command('tctl', 'get', token)}.`;
    case 'state':
      return `Ask the Teleport administrator to delete the token with ${command('tctl', 'rm', token)} and to create it again.`;
    case 'concurrent':
      return 'Run the job again, or use a separate join token for each job that runs at the same time.';
    default:
      return reason satisfies never;
  }
}
