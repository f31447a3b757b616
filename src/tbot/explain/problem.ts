import { Problem, type ProblemText } from '../../problem.ts';
import type { About, CauseOf, Text } from './about.ts';
import type { Cause, Diagnosis } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { JoinContext } from './failure.ts';
import { clean, cleanLog, withoutMachine, withoutSecrets } from './log.ts';
import { boundKeypairText } from './texts/bound-keypair.ts';
import { deniedText } from './texts/denied.ts';
import { programText } from './texts/program.ts';
import { proofText } from './texts/proof.ts';
import { providerText } from './texts/provider.ts';
import { rightsText } from './texts/rights.ts';
import { serviceText } from './texts/service.ts';
import { tokenText } from './texts/token.ts';
import { wayText } from './texts/way.ts';

/** What the user is told. Nothing that looks like a secret comes through. */
export function problemOf(diagnosis: Diagnosis, context: JoinContext, evidence: Evidence): Problem {
  const text = textOf(diagnosis.code, diagnosis, { context, evidence, bot: diagnosis.bot });
  return new Problem(presentable({ ...text, code: diagnosis.code }, diagnosis.log, context));
}

type Causes = { readonly [Code in Cause['code']]: CauseOf<Code> };

const texts: {
  readonly [Code in keyof Causes]: (cause: Causes[Code], about: About) => Text;
} = {
  'token-unknown': tokenText,
  'token-method': tokenText,
  'token-role': tokenText,
  'bot-unknown': tokenText,
  'scoped-bot': tokenText,
  'claims-denied': deniedText,
  'azure-denied': deniedText,
  'bound-keypair': boundKeypairText,
  'issuer-unreachable': providerText,
  aws: providerText,
  'azure-api': providerText,
  'no-identity': proofText,
  'no-id-token': proofText,
  'id-token-refused': proofText,
  'no-imds': proofText,
  'imds-no-identity': proofText,
  'imds-several-identities': proofText,
  'imds-throttled': proofText,
  'azure-egress': proofText,
  'no-roles': rightsText,
  'role-denied': rightsText,
  'mfa-required': rightsText,
  locked: rightsText,
  'service-not-found': serviceText,
  'workload-identity-denied': serviceText,
  unsupported: serviceText,
  'proxy-unreachable': wayText,
  'proxy-untrusted': wayText,
  'rate-limited': wayText,
  clock: wayText,
  inputs: programText,
  version: programText,
  ttl: programText,
  platform: programText,
  tbot: programText,
};

function textOf<Code extends keyof Causes>(code: Code, cause: Causes[Code], about: About): Text {
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
