import { Problem, type ProblemText } from '../../problem.ts';
import type { MessageFacts, CauseOf, Text } from './message.ts';
import type { Cause, Diagnosis } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { JoinContext } from './failure.ts';
import { clean, cleanLog, withoutMachine, withoutSecrets } from './log.ts';
import { boundKeypairText } from './messages/bound-keypair.ts';
import { deniedMessage } from './messages/denied.ts';
import { programMessage } from './messages/program.ts';
import { evidenceMessage } from './messages/evidence.ts';
import { providerText } from './messages/provider.ts';
import { rightsMessage } from './messages/rights.ts';
import { serviceMessage } from './messages/service.ts';
import { tokenMessage } from './messages/token.ts';
import { endpointMessage } from './messages/endpoint.ts';

/** What the user is told. Nothing that looks like a secret comes through. */
export function problemOf(diagnosis: Diagnosis, context: JoinContext, evidence: Evidence): Problem {
  const text = textOf(diagnosis.code, diagnosis, { context, evidence, bot: diagnosis.bot });
  return new Problem(presentable({ ...text, code: diagnosis.code }, diagnosis.log, context));
}

type Causes = { readonly [Code in Cause['code']]: CauseOf<Code> };

const texts: {
  readonly [Code in keyof Causes]: (cause: Causes[Code], about: MessageFacts) => Text;
} = {
  'token-unknown': tokenMessage,
  'token-method': tokenMessage,
  'token-role': tokenMessage,
  'bot-unknown': tokenMessage,
  'scoped-bot': tokenMessage,
  'claims-denied': deniedMessage,
  'azure-denied': deniedMessage,
  'bound-keypair': boundKeypairText,
  'issuer-unreachable': providerText,
  aws: providerText,
  'azure-api': providerText,
  'no-identity': evidenceMessage,
  'no-id-token': evidenceMessage,
  'id-token-refused': evidenceMessage,
  'no-imds': evidenceMessage,
  'imds-no-identity': evidenceMessage,
  'imds-several-identities': evidenceMessage,
  'imds-throttled': evidenceMessage,
  'azure-egress': evidenceMessage,
  'no-roles': rightsMessage,
  'role-denied': rightsMessage,
  'mfa-required': rightsMessage,
  locked: rightsMessage,
  'service-not-found': serviceMessage,
  'workload-identity-denied': serviceMessage,
  unsupported: serviceMessage,
  'proxy-unreachable': endpointMessage,
  'proxy-untrusted': endpointMessage,
  'rate-limited': endpointMessage,
  clock: endpointMessage,
  inputs: programMessage,
  version: programMessage,
  ttl: programMessage,
  platform: programMessage,
  tbot: programMessage,
};

function textOf<Code extends keyof Causes>(
  code: Code,
  cause: Causes[Code],
  about: MessageFacts,
): Text {
  return texts[code](cause, about);
}

function presentable(text: ProblemText, log: readonly string[], context: JoinContext): ProblemText {
  const shown = presentableLine(context);
  return {
    code: text.code,
    what: shown(text.what),
    fix: shown(text.fix),
    details: (text.details ?? []).map(shown),
    ...(text.paste === undefined ? {} : { paste: withoutSecrets(text.paste) }),
    log: log.map(shown),
  };
}

/** What decides whether an Azure machine may be named. */
type Audience = Pick<JoinContext, 'identity' | 'job'>;

/**
 * Makes a line of tbot's log fit to be shown: no colours, no control characters, nothing that looks
 * like a secret, and nothing that names the Azure machine where everybody can read the log.
 */
export function presentableLine(context: Audience): (line: string) => string {
  const hide = context.identity.method === 'azure' && context.job.publicRepository;
  return (line) => (hide ? withoutMachine(clean(line)) : clean(line));
}

/** Makes a whole log fit to be shown, as one text: a private key spans several lines. */
export function presentableLog(log: readonly string[], context: Audience): readonly string[] {
  return cleanLog(log).map(presentableLine(context));
}
