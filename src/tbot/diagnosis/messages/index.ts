import type { Evidence } from '../../../methods/evidence.ts';
import { Problem, type ProblemText } from '../../../problem.ts';
import type { Cause, Diagnosis, JoinContext } from '../diagnosis.ts';
import { presentableLine, withoutSecrets } from '../log.ts';
import { boundKeypairMessage } from './bound-keypair.ts';
import { connectionMessage } from './connection.ts';
import { denialMessage } from './denial.ts';
import { identitySourceMessage } from './identity-source.ts';
import { issuanceMessage } from './issuance.ts';
import { joinTokenMessage } from './join-token.ts';
import type { CauseOf, MessageFacts, Text } from './message.ts';
import { programMessage } from './program.ts';
import { providerMessage } from './provider.ts';
import { rightsMessage } from './rights.ts';

/** Returns the Problem that explains a failure, without anything that looks like a secret. */
export function problemOf(diagnosis: Diagnosis, context: JoinContext, evidence: Evidence): Problem {
  const text = textOf(diagnosis.code, diagnosis, { context, evidence, bot: diagnosis.bot });
  return new Problem(presentable({ ...text, code: diagnosis.code }, diagnosis.log, context));
}

type Causes = { readonly [Code in Cause['code']]: CauseOf<Code> };

const texts: {
  readonly [Code in keyof Causes]: (cause: Causes[Code], facts: MessageFacts) => Text;
} = {
  'token-unknown': joinTokenMessage,
  'token-method': joinTokenMessage,
  'token-role': joinTokenMessage,
  'bot-unknown': joinTokenMessage,
  'scoped-bot': joinTokenMessage,
  'claims-denied': denialMessage,
  'azure-denied': denialMessage,
  'bound-keypair': boundKeypairMessage,
  'issuer-unreachable': providerMessage,
  aws: providerMessage,
  'azure-api': providerMessage,
  'no-identity': identitySourceMessage,
  'no-id-token': identitySourceMessage,
  'id-token-refused': identitySourceMessage,
  'no-imds': identitySourceMessage,
  'imds-no-identity': identitySourceMessage,
  'imds-several-identities': identitySourceMessage,
  'imds-throttled': identitySourceMessage,
  'azure-egress': identitySourceMessage,
  'no-roles': rightsMessage,
  'role-denied': rightsMessage,
  'mfa-required': rightsMessage,
  locked: rightsMessage,
  'service-not-found': issuanceMessage,
  'workload-identity-denied': issuanceMessage,
  unsupported: issuanceMessage,
  'proxy-unreachable': connectionMessage,
  'proxy-untrusted': connectionMessage,
  'rate-limited': connectionMessage,
  clock: connectionMessage,
  inputs: programMessage,
  version: programMessage,
  ttl: programMessage,
  platform: programMessage,
  tbot: programMessage,
};

function textOf<Code extends keyof Causes>(
  code: Code,
  cause: Causes[Code],
  facts: MessageFacts,
): Text {
  return texts[code](cause, facts);
}

function presentable(text: ProblemText, log: readonly string[], context: JoinContext): ProblemText {
  const shown = presentableLine(context);
  return {
    code: text.code,
    what: shown(text.what),
    fix: shown(text.fix),
    errors: (text.errors ?? []).map(shown),
    notes: (text.notes ?? []).map(shown),
    ...(text.facts && { facts: { title: text.facts.title, lines: text.facts.lines.map(shown) } }),
    ...(text.paste === undefined ? {} : { paste: withoutSecrets(text.paste) }),
    log: log.map(shown),
  };
}
