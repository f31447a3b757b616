import type { ImdsAnswer } from '../../methods/azure.evidence.ts';
import type { Evidence } from './evidence.ts';
import type { IdTokenAnswer } from '../../methods/github.evidence.ts';
import type { Diagnosis } from './diagnosis.ts';

/** The diagnosis in the light of the evidence: what passes by itself, and what tbot misnamed. */
export function refine(diagnosis: Diagnosis, { idToken, imds }: Evidence): Diagnosis {
  const { log, bot } = diagnosis;
  if (diagnosis.code === 'id-token-refused')
    return { ...diagnosis, retryable: idToken !== undefined && isRetryable(idToken) };
  // tbot reads the page of whoever stands before GitHub as if it were an answer.
  if (diagnosis.code === 'tbot' && idToken && !toldNothing.has(idToken.kind))
    return { code: 'id-token-refused', log, bot, retryable: isRetryable(idToken) };
  if (diagnosis.code === 'no-imds' && imds?.kind === 'status' && imds.status === 429)
    return { code: 'imds-throttled', log, bot, retryable: true };
  if (diagnosis.code === 'no-imds' && imds)
    return { ...diagnosis, retryable: isRetryable(imds) && imds.kind !== 'unreachable' };
  return diagnosis;
}

/** Answers that leave it open what sent tbot a page. */
const toldNothing: ReadonlySet<IdTokenAnswer['kind']> = new Set(['claims', 'no-endpoint']);

function isRetryable(answer: IdTokenAnswer | ImdsAnswer): boolean {
  switch (answer.kind) {
    case 'status':
      return answer.status === 429 || answer.status >= 500;
    case 'claims':
    case 'machine':
    case 'unreachable':
      return true;
    case 'not-github':
    case 'not-imds':
    case 'no-token':
    case 'no-endpoint':
      return false;
    default:
      return answer satisfies never;
  }
}
