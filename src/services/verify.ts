import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Problem } from '../problem.ts';
import { codeOf } from '../text/error-code.ts';
import { caRoles, verifyClientCertificate } from './client-certificate.verify.ts';
import type { Credential, TextOf, Verified } from './credential.ts';
import { descriptorOf, type Service, type ServiceType } from './index.ts';
import { verifyKubernetes } from './kubernetes.verify.ts';
import { credentialNames, type PlannedService } from './requests.ts';
import type { Files, Role } from './service.ts';
import { verifySshHost } from './ssh-host.verify.ts';
import { verifyJwtSvid, verifyX509Svid } from './svid.verify.ts';
import { verifyAwsSession } from './workload-identity-aws-roles-anywhere.verify.ts';
import { checkCa } from './x509.verify.ts';

export { maskWritten } from './secrets.verify.ts';

type Verifier<S> = (text: TextOf, service: S) => Verified | Promise<Verified>;

/** Verifies the contents of the files of each type. */
const verifiers: {
  readonly [T in ServiceType]: Verifier<Extract<Service, { readonly type: T }>>;
} = {
  identity: verifyClientCertificate,
  application: verifyClientCertificate,
  database: verifyClientCertificate,
  kubernetes: verifyKubernetes,
  'kubernetes/v2': verifyKubernetes,
  ssh_host: verifySshHost,
  'workload-identity-x509': verifyX509Svid,
  'workload-identity-jwt': verifyJwtSvid,
  'workload-identity-aws-roles-anywhere': verifyAwsSession,
};

/**
 * Reads what tbot wrote for a service and verifies it. Every essential file must exist, be a regular
 * file that other users cannot read, parse and match its key. An optional file that is missing or
 * incomplete is left out with a debug line. Throws a Problem `tbot`, or `service-not-found` if tbot
 * found nothing and exited successfully.
 */
export async function readCredential(
  planned: PlannedService,
  debug: (text: string) => void,
): Promise<Credential> {
  const { name, service, dir } = planned;
  const { essential, optional } = descriptorOf(service.type).files(service);
  const contents = new Map<string, Content>();
  try {
    for (const [role, path] of pathsOf(dir, essential))
      contents.set(role, { path, text: readIssued(path, 0o077) });
    for (const [role, path] of pathsOf(dir, optional)) {
      const text = readOptional(role, path, (why) =>
        debug(`Credential \`${name}\` is published without \`${role}\`: ${why}.`),
      );
      if (text !== undefined) contents.set(role, { path, text });
    }
    const files = Object.fromEntries([...contents].map(([role, { path }]) => [role, path]));
    const verified = await verify(service, (role) => contents.get(role)?.text ?? '');
    return { name, type: service.type, dir, service, files, ...verified };
  } catch (error) {
    throw error instanceof Problem ? error : unusable(planned, error);
  }
}

interface Content {
  readonly path: string;
  readonly text: string;
}

function pathsOf(dir: string, files: Files): readonly (readonly [role: Role, path: string])[] {
  // The keys of an object with this type are its roles.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const entries = Object.entries(files) as readonly [Role, string][];
  return entries.map(([role, name]) => [role, join(dir, name)]);
}

/**
 * Returns the text of a file that tbot wrote. Throws an Error whose message is a clause, also if other
 * users have one of the `forbidden` rights. Synchronous, because the files are small and local, so the
 * overhead of asynchronous reads would dominate.
 */
function readIssued(path: string, forbidden: number): string {
  const stats = statsOf(path);
  if (!stats?.isFile() || stats.size === 0) throw new Error(`tbot did not write ${path}`);
  // oxlint-disable-next-line no-bitwise
  if (process.platform !== 'win32' && (stats.mode & forbidden) !== 0)
    throw new Error(`other users can ${forbidden === 0o077 ? 'read' : 'change'} ${path}`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read (${codeOf(error) ?? messageOf(error)})`, {
      cause: error,
    });
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    // A file that cannot be inspected is treated as missing.
    return undefined;
  }
}

/** Returns the text of a file that exists and is complete; otherwise reports why it is left out. */
function readOptional(role: Role, path: string, report: (why: string) => void): string | undefined {
  try {
    const text = readIssued(path, 0o022);
    if (caRoles.has(role)) checkCa(role, text);
    // Checks only for a final line break, because the content of these files varies by tbot release.
    else if (!text.endsWith('\n')) throw new Error(`${path} is incomplete`);
    return text;
  } catch (error) {
    report(clauseOf(error));
    return undefined;
  }
}

async function verify(service: Service, text: TextOf): Promise<Verified> {
  // The verifier of a type accepts the services of that type, which the compiler cannot follow.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (verifiers[service.type] as Verifier<Service>)(text, service);
}

/** Replaces OpenSSL's own messages, which refer to its source code. */
function clauseOf(error: unknown): string {
  return codeOf(error)?.startsWith('ERR_OSSL')
    ? 'it contains a damaged certificate or key'
    : messageOf(error);
}

function unusable(planned: PlannedService, cause: unknown): Problem {
  const [name, ...others] = credentialNames(planned).map((one) => `\`${one}\``);
  const which =
    others.length === 0 ? `credential ${name}` : `credentials ${name}, ${others.join(', ')}`;
  return new Problem({
    code: 'tbot',
    what: `tbot exited successfully, but ${which} cannot be used: ${clauseOf(cause)}.`,
    fix: 'Run the job again with debug logging enabled. If the error persists, report it with the log of tbot.',
    cause,
  });
}
