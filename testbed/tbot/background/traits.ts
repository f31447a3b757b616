import { has } from '../../releases.ts';
import type { PlayedVersion } from '../versions.ts';

/** How a version of tbot behaves while it keeps running. */
export interface Traits {
  /** What `/readyz` answers: 404, always 200, or the state of the services. */
  readonly readyz: 'missing' | 'always' | 'truthful';
  /** Whether `/wait` exists. */
  readonly wait: boolean;
  /** Whether tbot ends when every attempt to renew its own identity failed. */
  readonly endsWhenExhausted: boolean;
}

/** First releases, from Teleport's changelogs. */
const firsts = {
  truthfulReadyz: ['17.5.4', '18.0.2'],
  wait: ['18.6.4'],
  // "Keeps retrying when the Auth Service is away": `ExitOnRetryExhausted` of the identity service
  // left the source with that change. The patch release of 18 is inferred.
  keepsRetrying: ['17.5.3', '18.0.1'],
} as const;

/** Reads them from the table. Recorded is only 15.0.0-dev; when `/readyz` came is not known. */
export function traitsOf({ version, major }: PlayedVersion): Traits {
  const truthful = has(version, firsts.truthfulReadyz);
  const early = major < 16 ? 'missing' : 'always';
  return {
    readyz: truthful ? 'truthful' : early,
    wait: has(version, firsts.wait),
    endsWhenExhausted: !has(version, firsts.keepsRetrying),
  };
}
