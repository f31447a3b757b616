import { formatDuration } from '../text/duration.ts';
import { Problem } from '../problem.ts';
import { rfc3339 } from '../text/time.ts';
import type { Credential } from './verify/credential.ts';
import type { Service } from './service.ts';
import { botOf } from './verify/certificate.ts';
import { defaultSession } from './check.ts';

/** Seconds by which a lifetime may be short without a word; half of one that is short itself. */
const tolerance = 60;

/** What the inputs ask for; seconds. */
export interface RequestedLifetime {
  readonly certificateTtl: number;
  readonly minTtl?: number | undefined;
}

/** What of a credential is needed to judge its lifetime. */
type Judged = Pick<Credential, 'name' | 'expiresAt' | 'certificate' | 'service'>;

/**
 * Compares what the certificates say with what was asked for; Teleport cuts a lifetime silently.
 * Answers a notice where they are shorter. Throws a Problem `ttl` where they end before `min-ttl`,
 * and `clock` for one that has ended. `now` in milliseconds since 1970.
 */
export function checkLifetime(
  credentials: readonly Judged[],
  { certificateTtl, minTtl = 0 }: RequestedLifetime,
  now: number,
): string | undefined {
  const lifetimes = lifetimesOf(credentials, certificateTtl, now);
  const over = lifetimes.find(({ left }) => left <= 0);
  if (over) throw ended(over, now);
  const [certificate] = credentials.flatMap((credential) => credential.certificate ?? []);
  const causes = causesOf(certificate === undefined ? '' : botOf(certificate));
  const short = lifetimes.find(({ left }) => left < nearly(minTtl));
  if (short) throw tooShort(short, minTtl, causes);
  const cut = lifetimes.filter(({ left, enough }) => left < enough);
  const [first] = cut;
  if (!first) return undefined;
  const names = cut.map(({ name }) => `\`${name}\``).join(', ');
  return `The credentials (${names}) end ${rfc3339(first.end)}, sooner than the ${formatDuration(first.asked)} asked for. ${first.service?.type.startsWith('workload-identity-') ? otherCauses(first.service) : causes}`;
}

/** How long a credential lives; in seconds. */
interface Lifetime {
  readonly name: string;
  readonly end: Date;
  readonly left: number;
  readonly asked: number;
  /** Of which nobody would say that it was cut. */
  readonly enough: number;
  readonly service: Service | undefined;
}

/** Seconds that nobody would call less: tbot needed a moment, and so did Teleport. */
function nearly(seconds: number): number {
  return seconds - Math.min(tolerance, seconds / 2);
}

/** Of those that end, the first to end first. */
function lifetimesOf(
  credentials: readonly Judged[],
  usual: number,
  now: number,
): readonly Lifetime[] {
  return credentials
    .flatMap(({ name, expiresAt: end, service }) => {
      if (!end) return [];
      const asked = askedFor(service, usual);
      const left = Math.round((Number(end) - now) / 1000);
      return [{ name, end, left, asked, enough: nearly(asked), service }];
    })
    .toSorted((one, other) => Number(one.end) - Number(other.end));
}

/** Seconds. */
function askedFor(service: Service | undefined, usual: number): number {
  if (service?.type === 'workload-identity-aws-roles-anywhere')
    return service.session_duration ?? defaultSession;
  return service && 'credential_ttl' in service ? (service.credential_ttl ?? usual) : usual;
}

/** What post does not end: sessions of AWS go on after the job, whoever has a copy. Notices. */
export function revocationNotices(credentials: readonly Judged[]): readonly string[] {
  return credentials.flatMap(({ name, expiresAt, service }) =>
    service?.type === 'workload-identity-aws-roles-anywhere'
      ? [
          `The AWS session of \`${name}\` can't be revoked by this action: a copy of it works until ${rfc3339(expiresAt) || `its ${formatDuration(askedFor(service, 0))} are over`}, also after the job. \`session_duration\` makes it shorter.`,
        ]
      : [],
  );
}

/** Nobody could use it; mostly one of the clocks is wrong. */
function ended({ name, end }: Lifetime, now: number): Problem {
  return new Problem({
    code: 'clock',
    what: `The credential \`${name}\` ended ${rfc3339(end)}, and for this machine it is ${rfc3339(new Date(now))}.`,
    fix: 'Compare the clocks of this machine and of the cluster (`timedatectl`); if both are right, ask who runs the cluster why it issues what has ended.',
  });
}

function tooShort({ name, end }: Lifetime, minTtl: number, causes: string): Problem {
  return new Problem({
    code: 'ttl',
    what: `The credential \`${name}\` ends ${rfc3339(end)}, sooner than \`min-ttl\` (${formatDuration(minTtl)}) wants.`,
    fix: `Let the bot have longer ones, or lower \`min-ttl\`. ${causes}`,
  });
}

/** What is not a certificate of the bot does not end with the bot's sessions. */
function otherCauses({ type }: Service): string {
  return type === 'workload-identity-aws-roles-anywhere'
    ? 'AWS cuts to the longest session that the role and the profile allow.'
    : 'Teleport cuts an SVID to the limit of the workload identity and to its own.';
}

function causesOf(bot: string): string {
  return `Teleport cuts to the \`max_session_ttl\` of the bot (12h unless it was raised with \`tctl edit bot/${bot || 'NAME'}\`) and of each of its roles.`;
}
