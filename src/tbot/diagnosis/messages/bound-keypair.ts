import {
  type MessageFacts,
  type CauseOf,
  command,
  joinToken,
  sentence,
  type Text,
  tokenRef,
} from './message.ts';

type Reason = CauseOf<'bound-keypair'>['reason'];

/** The key pair, the secret or the state of a `bound_keypair` token does not permit the join. */
export function boundKeypairMessage(
  { reason, message }: CauseOf<'bound-keypair'>,
  { context }: MessageFacts,
): Text {
  return {
    what: `The ${joinToken(context)} ${happened[reason]}: ${sentence(message)}`,
    fix: fixOf(reason, tokenRef(context)),
  };
}

const happened = {
  'join-state': 'requires the join state of the previous join, which this action does not keep',
  secret: 'did not accept the registration secret of this job',
  limit: 'permits no more joins',
  key: 'is bound to another key pair than that of this job',
  state: 'is not in a state that permits a join',
  concurrent: 'was used by another job at the same time',
} as const satisfies Record<Reason, string>;

function fixOf(reason: Reason, token: string): string {
  const edit = `Ask the Teleport administrator to run ${command('tctl', 'edit', token)}`;
  switch (reason) {
    case 'join-state':
      return `${edit} and to set \`spec.bound_keypair.recovery.mode\` to \`insecure\`, and to remove a lock on the token, if ${command('tctl', 'get', 'locks')} shows one.`;
    case 'secret':
      return 'Set `TBOT_REGISTRATION_SECRET` to the registration secret of the token; it is good for one join and can expire, so jobs that run again need a static key (`TBOT_BOUND_KEYPAIR_STATIC_KEY`).';
    case 'limit':
      return `${edit} and to raise \`spec.bound_keypair.recovery.limit\`, or to set \`recovery.mode\` to \`insecure\`.`;
    case 'key':
      return `Set \`TBOT_BOUND_KEYPAIR_STATIC_KEY\`, or \`static_private_key_path\` in \`onboarding\`, to the private key that belongs to the public key in ${command('tctl', 'get', token)}.`;
    case 'state':
      return `Ask the Teleport administrator to remove the token with ${command('tctl', 'rm', token)} and to create it again.`;
    case 'concurrent':
      return 'Run the job again, or give each job that runs at the same time its own join token.';
    default:
      return reason satisfies never;
  }
}
