import { Problem, type ProblemText } from '../../problem.ts';
import type { About, Text } from './about.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { JoinContext } from './failure.ts';
import { clean, cleanLog, withoutMachine, withoutSecrets } from './log.ts';
import { deniedText } from './texts/denied.ts';
import { programText } from './texts/program.ts';
import { proofText } from './texts/proof.ts';
import { rightsText } from './texts/rights.ts';
import { serviceText } from './texts/service.ts';
import { tokenText } from './texts/token.ts';
import { wayText } from './texts/way.ts';

/** What the user is told. Nothing that looks like a secret comes through. */
export function problemOf(diagnosis: Diagnosis, context: JoinContext, evidence: Evidence): Problem {
  const text = textOf(diagnosis, { context, evidence, bot: diagnosis.bot });
  return new Problem(presentable({ ...text, code: diagnosis.code }, diagnosis.log, context));
}

function textOf(diagnosis: Diagnosis, about: About): Text {
  switch (diagnosis.code) {
    case 'token-unknown':
    case 'token-method':
    case 'token-role':
      return tokenText(diagnosis, about);
    case 'claims-denied':
    case 'azure-denied':
      return deniedText(diagnosis, about);
    case 'no-id-token':
    case 'id-token-refused':
    case 'no-imds':
    case 'imds-no-identity':
    case 'imds-several-identities':
    case 'imds-throttled':
    case 'azure-egress':
      return proofText(diagnosis, about);
    case 'no-roles':
    case 'role-denied':
    case 'locked':
      return rightsText(diagnosis, about);
    case 'service-not-found':
    case 'unsupported':
      return serviceText(diagnosis, about);
    case 'proxy-unreachable':
    case 'proxy-untrusted':
    case 'rate-limited':
    case 'clock':
      return wayText(diagnosis, about);
    case 'version':
    case 'ttl':
    case 'platform':
    case 'tbot':
      return programText(diagnosis, about);
    default:
      return diagnosis satisfies never;
  }
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
