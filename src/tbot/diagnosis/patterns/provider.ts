import type { ErrorPattern } from '../diagnosis.ts';
import { retryableError } from './connection.ts';
import { credentialIn } from './issuance.ts';

/**
 * Failures of services outside of the cluster. Their texts resemble those of the proxy, but most occur
 * at the Auth Service, where the runner's network, clock and CA certificates have no effect.
 */
export const providerPatterns: readonly ErrorPattern[] = [
  {
    // lib/oidc; the others come from the library that it uses (zitadel/oidc, pkg/client).
    pattern:
      /(?:discovering oidc document|OpenID Provider Configuration Discovery has failed|unable to fetch key for signature validation).*/i,
    cause: ([message]) => ({
      code: 'issuer-unreachable',
      untrusted: /x509|certificate/i.test(message),
      message,
    }),
    // A timeout is probably a firewall, and the Auth Service has waited already.
    retryable: (text) => retryableError.test(text) && !/timeout|deadline exceeded/i.test(text),
  },
  {
    // lib/tbot/services/awsra; the texts of AWS are from memory.
    pattern:
      /(?:exchanging SVID|\bRoles Anywhere\b|operation error RolesAnywhere|\/\/rolesanywhere\.|AccessDeniedException).*/i,
    cause: ([message], text) => aws('roles-anywhere', message, text),
    retryable: (text) => retryableError.test(text),
  },
  {
    // lib/join/iamjoin/iam.go
    pattern:
      /(?:AWS Organizations API|IAM Join attempt using an Organization|organizations:DescribeAccount).*/i,
    cause: ([message], text) => aws('organizations', message, text),
    retryable: (text) => /rate limit|throttl/i.test(text),
  },
  {
    pattern: /(?:aws sts api returned status|executing STS request|validating STS request).*/i,
    cause: ([message], text) => aws('sts', message, text),
    retryable: (text) => retryableError.test(text),
  },
  {
    // The AWS SDK for Go, from memory: no variable, no profile, no role of the machine.
    pattern: /(?:failed to refresh cached credentials|no EC2 IMDS role found).*/i,
    cause: ([message], text) => aws('credentials', message, text),
  },
  {
    // The Azure SDK for Go, from memory: `GET URL ... RESPONSE 429: 429 Too Many Requests ERROR CODE: ...`.
    pattern:
      /(?:https:\/\/management\.azure\.com\/subscriptions|Microsoft\.Compute\/|RESPONSE \d{3}\b|ERROR CODE: |(?:Azure (?:VM )?API|virtual machines?)\b.*(?:\b429\b|too many requests|throttl)).*/i,
    cause: ([message]) => ({ code: 'azure-api', throttled: isThrottled(message), message }),
    retryable: (text) => isThrottled(text) || retryableError.test(text),
    method: 'azure',
  },
];

function isThrottled(text: string): boolean {
  return /\b429\b|too ?many ?requests|throttl/i.test(text);
}

function aws(
  reason: 'credentials' | 'sts' | 'organizations' | 'roles-anywhere',
  message: string,
  text: string,
): {
  readonly code: 'aws';
  readonly reason: typeof reason;
  readonly message: string;
  readonly credential: string | undefined;
} {
  return { code: 'aws', reason, message, credential: credentialIn(text) };
}
