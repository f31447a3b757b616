import { has } from '../../releases.ts';
import type { PlayedVersion } from '../versions.ts';

/** The behaviour of a tbot version in background mode. */
export interface Traits {
  /** The response of `/readyz`: 404, always 200, or the status of the services. */
  readonly readyz: 'missing' | 'always' | 'truthful';
  /** Whether `/wait` exists. */
  readonly wait: boolean;
  /** Whether tbot exits after the last failed attempt to renew its identity. */
  readonly endsWhenExhausted: boolean;
}

/** First releases. Source: Teleport's changelogs. */
const firsts = {
  truthfulReadyz: ['17.5.4', '18.0.2'],
  wait: ['18.6.4'],
  // tbot retries if the Auth Service is unreachable: that change removed `ExitOnRetryExhausted` from
  // the identity service. The patch release of 18 is inferred.
  keepsRetrying: ['17.5.3', '18.0.1'],
} as const;

/** Returns the traits of a version. Only 15.0.0-dev is recorded. The first release with `/readyz` is unknown. */
export function traitsOf({ version, major }: PlayedVersion): Traits {
  const truthful = has(version, firsts.truthfulReadyz);
  const early = major < 16 ? 'missing' : 'always';
  return {
    readyz: truthful ? 'truthful' : early,
    wait: has(version, firsts.wait),
    endsWhenExhausted: !has(version, firsts.keepsRetrying),
  };
}
