import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { joinMethods } from '../../src/methods/index.ts';
import { makePlan, type Plan } from '../../src/plan.ts';
import { maskWritten, readCredential } from '../../src/services/verify.ts';
import { renderConfig } from '../../src/tbot/config.ts';
import { checkPinned } from '../../src/tbot/diagnosis/explain.ts';
import { presentableLog } from '../../src/tbot/diagnosis/log.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { explainWith, joinContext } from '../unit/diagnosis.fixture.ts';
import { serviceExamples } from './fuzz-examples.ts';
import { ends, type Fuzz, fuzzOf } from './fuzz-ends.ts';
import { byteEdits, mutatedText } from './fuzz-mutate.ts';

/** Ends of logs as tbot writes them: one for most patterns of the diagnosis. */
const logs = [
  'ERROR: "" cannot join the cluster with role "Bot", token expired or not found',
  'ERROR: service(identity)\n\tid token claims did not match any allow rules',
  'ERROR: client requested join method github, provision token only supports method iam',
  'ERROR: lock targeting User:"bot-ci" is in force',
  'ERROR: Post "https://rig.example.com:443/v1/webapi/host/credentials": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  'ERROR: dial tcp 127.0.0.1:3999: connect: connection refused',
  'ERROR REPORT:\nOriginal Error: trace.aggregate access denied\nStack Trace:\n\t/build/x.go:1 main\nUser Message: role nope is not found',
  'ERROR: app "hello" not found',
  'ERROR: unable to fetch cluster "prod" by name\n\tkubernetes cluster "prod" not found',
  "invalid character '<' looking for beginning of value",
  'ERROR: attributes did not pass rule evaluation\n\tno matching rule found',
  'ERROR: write /x/key: no space left on device',
  'ERROR: cannot join the cluster, the token does not allow role Bot',
  'ERROR: generating identity: at least one role request is required',
  'ERROR: ACTIONS_ID_TOKEN_REQUEST_URL environment variable missing',
  'ERROR: response did not include ID token',
  'ERROR: client version is unsupported, minimum supported version is 17.0.0',
  'ERROR: token not valid yet (nbf)',
  'ERROR: joining with token\n\taccess denied',
  'ERROR: join method "github" does not support scoping',
  'ERROR: join state verification failed',
  'ERROR: discovering oidc document\n\tGet "https://x/": no such host',
  'ERROR: tpm joining\n\tthis feature requires Teleport Enterprise',
  'ERROR: could not reach instance metadata. Is Teleport running on an Azure VM?',
  'ERROR: {"error":"invalid_request","error_description":"Identity not found"}',
  'ERROR: GET https://management.azure.com/subscriptions/x RESPONSE 403: 403 Forbidden',
  'ERROR: exchanging SVID via Roles Anywhere\n\tAccessDeniedException: Untrusted certificate',
  'ERROR: field nope not found in type config.BotConfig',
  'ERROR: unrecognized join method: "nope"',
  'panic: runtime error: invalid memory address\n\ngoroutine 1 [running]:\nmain.main()',
  '2026-11-21T02:22:47.000Z DEBU [AUTH] Registration failed. error:[x] auth/register.go:284\nERROR: denied',
  '{"level":"error","message":"x"}',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----',
] as const;

const words = [
  'ERROR: ',
  '\n\t',
  'token ',
  'access denied',
  'x509: ',
  '"',
  '[',
  'not found',
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
];

export function logProperties(): readonly Fuzz[] {
  const name = 'logs of tbot';
  const exit = fc.oneof(
    fc.nat(255).map((code) => ({ kind: 'code', code }) as const),
    fc.constantFrom('SIGKILL', 'SIGSEGV').map((signal) => ({ kind: 'signal', signal }) as const),
  );
  const texts = fc.array(mutatedText(logs, words), { maxLength: 4 });
  const cases = fc.tuple(texts, fc.constantFrom(...joinMethods), fc.boolean(), exit);
  return [
    fuzzOf(name, cases, async ([found, method, direct, status]) => {
      const log = found.flatMap((text) => text.split('\n'));
      const base = joinContext({ method, onboarding: {} }, '18.2.4');
      const endpoint = { kind: 'auth-server', address: 'auth:3025', caPins: [] } as const;
      const context = direct ? { ...base, endpoint } : base;
      await ends(name, async () => {
        checkPinned(log, context);
        for (const line of presentableLog(log, context))
          if (line.length > 10_000) throw new Error(`a line has ${line.length} characters`);
        const { problem } = await explainWith({ exit: status, log }, context);
        if (problem.message.length > 5000) throw new Error('the message is too long');
        throw problem;
      });
    }),
  ];
}

/** What tbot wrote for one service. */
interface Issued {
  readonly service: Plan['services'][number];
  readonly files: readonly (readonly [name: string, content: Buffer])[];
}

/** Has the stand-in tbot write every type of credential. */
async function issueAll(testbed: Testbed, folder: string): Promise<readonly Issued[]> {
  const services = serviceExamples
    // The database comes with an identity of its own.
    .filter((text) => !/^\[\]|^- type: identity/.test(text))
    .join('');
  const inputs = { proxy: testbed.proxy.address, token: 'ci-github', services };
  const plan = makePlan({
    inputs: readInputs(inputs, yaml).inputs,
    identity: { method: 'github' },
    tool: { path: await testbed.tbot(), version: '18.11.0', source: 'tbot-path' },
    serverVersion: '18.11.0',
    workdir: folder,
    env: { ...testbed.github.environment, PATH: process.env['PATH'] },
    debugging: false,
    caBundle: testbed.caFile,
    ports: [],
  });
  const config = join(folder, 'tbot.yaml');
  await writeFile(config, await renderConfig(plan.config));
  const { path, args, env } = plan.command;
  await promisify(execFile)(path, args, { env, cwd: folder });
  return Promise.all(
    plan.services.map(async (service) => {
      const names = await readdir(service.dir);
      const read = async (name: string) => [name, await readFile(join(service.dir, name))] as const;
      return { service, files: await Promise.all(names.map(read)) };
    }),
  );
}

type Change = (bytes: Buffer) => Buffer;

/** Changes bytes inside of a PEM block, a certificate of OpenSSH or a value in base64: they stay readable. */
function within(change: Change, which: number): Change {
  return (bytes) => {
    const text = bytes.toString('latin1');
    const found = [...text.matchAll(encoded)];
    const match = found[which % Math.max(1, found.length)];
    const [whole = '', inPem, other] = match ?? [];
    const body = inPem ?? other;
    if (match === undefined || body === undefined) return change(bytes);
    const changed = change(Buffer.from(body, 'base64')).toString('base64');
    const wrapped = inPem === undefined ? changed : changed.replaceAll(/.{64}/g, '$&\n');
    const at = match.index + whole.indexOf(body);
    return Buffer.from(text.slice(0, at) + wrapped + text.slice(at + body.length), 'latin1');
  };
}

const encoded = /-----BEGIN [A-Z ]+-----\n([\w+/=\n]+)|(?:[ .:]|^)([\w+/]{40,}=*)/g;

export async function openCredentialProperties(
  testbed: Testbed,
  folder: string,
): Promise<readonly Fuzz[]> {
  const [source, box] = [join(folder, 'issued'), join(folder, 'box')];
  for (const path of [source, box]) await mkdir(path);
  const all = await issueAll(testbed, source);
  await checkReadable(all);
  const name = 'credentials';
  const change = fc.tuple(fc.nat(20), fc.boolean(), fc.nat(5), byteEdits);
  const cases = fc.tuple(fc.constantFrom(...all), fc.array(change, { minLength: 1, maxLength: 2 }));
  return [
    fuzzOf(name, cases, async ([{ service, files }, changes]) => {
      const dir = join(box, 'one');
      await mkdir(dir, { recursive: true });
      const contents = new Map(files);
      for (const [index, deep, which, edit] of changes) {
        const [file = '', bytes = Buffer.alloc(0)] = files[index % files.length] ?? [];
        contents.set(file, deep ? within(edit, which)(bytes) : edit(bytes));
      }
      for (const [file, bytes] of contents)
        await writeFile(join(dir, file), bytes, { mode: 0o600 });
      maskWritten([{ ...service, dir }], () => undefined);
      await ends(name, () => readCredential({ ...service, dir }, () => undefined));
      await rm(dir, { recursive: true });
    }),
  ];
}

/** The examples are good, so that a change of one reaches everything that is read. */
async function checkReadable(all: readonly Issued[]): Promise<void> {
  for (const { service } of all) await readCredential(service, () => undefined);
}
