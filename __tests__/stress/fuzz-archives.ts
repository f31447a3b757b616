import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { parseSignatureKey } from '../../src/inputs/public-keys.ts';
import { install } from '../../src/install/install.ts';
import { Problem } from '../../src/problem.ts';
import type { Authority } from '../../testbed/ca.ts';
import { paxHeader, tar, type TarMember } from '../../testbed/downloads/tar.ts';
import { zip } from '../../testbed/downloads/zip.ts';
import { listenHttps } from '../../testbed/loopback.ts';
import { putImage } from '../../testbed/registry-image.ts';
import { createSigningKey, putSignatures } from '../../testbed/signatures.ts';
import { cluster } from '../integration/install.fixture.ts';
import { ends, type Fuzz, fuzzOf } from './fuzz-ends.ts';
import { byteEdits, jsonEdits, mutatedText } from './fuzz-mutate.ts';

/** A program for another processor: it is inspected, and never run. */
const foreign = Buffer.alloc(5000, 'x');
foreign.write('\u007fELF\u0002\u0001\u0001', 0, 'latin1');
foreign.writeUInt16LE(2, 16);
foreign.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);

const names = fc.constantFrom(
  'teleport/tbot',
  'usr/local/bin/tbot',
  './usr/local/bin/tbot',
  'usr/local/bin/.wh.tbot',
  'usr/.wh..wh..opq',
  '../../../../outside/tbot',
  'teleport/../../../../outside/tbot',
  'tbot',
  'teleport/tbot/x',
  '\u0000',
  'x'.repeat(300),
);

const member = (outside: string): fc.Arbitrary<TarMember> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record(
        {
          name: fc.oneof(names, fc.constant(`${outside}/tbot`)),
          content: fc.constantFrom<Uint8Array | string>(foreign, '', 'x'),
          type: fc.constantFrom('0', '1', '2', '3', '5', '7', 'L', 'K', 'g', 'S', '\0'),
          linkName: fc.constantFrom('/etc/passwd', outside, '../../../../outside/x'),
          size: fc.constantFrom(-1, 0, 512, 2 ** 20, 2 ** 33 - 1),
        },
        { requiredKeys: ['name', 'content'] },
      ),
    },
    fc
      .record({ path: names, size: fc.constantFrom('0', '5000', '-1', '9'.repeat(20), 'x') })
      .map((fields) => paxHeader(fields)),
  );

interface Made {
  readonly before: readonly TarMember[];
  readonly after: readonly TarMember[];
  /** Changes of the tar archive, and of what it is compressed to. */
  readonly inner: (bytes: Buffer) => Buffer;
  readonly outer: (bytes: Buffer) => Buffer;
}

const unchanged = (bytes: Buffer): Buffer => bytes;

function made(outside: string): fc.Arbitrary<Made> {
  const some = fc.array(member(outside), { maxLength: 3 });
  const edits = fc.oneof({ weight: 2, arbitrary: fc.constant(unchanged) }, byteEdits);
  return fc.record({ before: some, after: some, inner: edits, outer: edits });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A site or registry whose content is set for each case. */
class Site {
  readonly files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();

  put(name: string, bytes: Buffer, type = 'application/octet-stream'): void {
    this.files.set(name, { bytes, type });
  }

  /** Without a token, the registry answers with this challenge. */
  challenge: string | undefined;

  answer({ url = '/', headers }: IncomingMessage, response: ServerResponse): void {
    // A changed response can lead to any path, also to one that is not a valid URL.
    const { pathname = '/' } = URL.parse(url, 'https://site') ?? {};
    const name = pathname.split('/').at(-1)?.replaceAll(/%3a/gi, ':') ?? '';
    if (this.challenge !== undefined && name !== 'token' && headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': this.challenge }).end('{}');
      return;
    }
    const file = this.files.get(name);
    if (file === undefined) return void response.writeHead(404).end('{}');
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length });
    response.end(file.bytes);
  }
}

interface Using {
  readonly site: Site;
  readonly address: string;
  readonly network: HttpClient;
  /** Holds a folder for what is installed, and `outside`, in which nothing may appear. */
  readonly root: string;
}

type Inputs = Parameters<typeof install>[0]['inputs'];

/** Installs into new folders, and looks at what was written. */
async function installed(
  name: string,
  { network, root }: Using,
  platform: NodeJS.Platform,
  inputs: Partial<Inputs>,
): Promise<void> {
  const inside = await mkdtemp(join(root, 'inside-'));
  const [directory, toolCache, temp] = [
    join(inside, 'bin'),
    join(inside, 'cache'),
    join(inside, 't'),
  ];
  for (const folder of [directory, toolCache, temp]) await mkdir(folder);
  await ends(name, () =>
    trusted({
      cluster,
      network,
      directory,
      env: { PATH: '/usr/bin:/bin' },
      directories: { temp, workspace: undefined, toolCache },
      platform,
      arch: 'x64',
      ci: { info: () => undefined, notice: () => undefined, mask: () => undefined },
      signal: new AbortController().signal,
      retryPolicy: { attempts: 1, pause: 1, longest: 1 },
      inputs: {
        proxy: '127.0.0.1:1',
        version: { kind: 'exact', version: '18.2.4' },
        edition: 'auto',
        fips: 'auto',
        installFrom: 'archive',
        tools: undefined,
        tbotPath: undefined,
        mirror: undefined,
        checksum: undefined,
        signatureKey: undefined,
        signatureExtension: 'sig',
        ...inputs,
      },
    }),
  );
  await checkWritten(root, directory);
  await rm(inside, { recursive: true });
}

/** Installs. With `signature-key`, no case is signed, so none may reach the inspection of the program. */
async function trusted(request: Parameters<typeof install>[0]): Promise<void> {
  try {
    await install(request);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (request.inputs.signatureKey === undefined || error.code !== 'tbot') throw error;
  }
  if (request.inputs.signatureKey !== undefined)
    throw new Error('a program without a valid signature was accepted');
}

async function checkWritten(root: string, directory: string): Promise<void> {
  const outside = await readdir(join(root, 'outside'));
  const beside = (await readdir(root)).filter((name) => !/^inside-|^outside$|^ca\.pem$/.test(name));
  const here = await readdir(directory);
  const strange = [...outside, ...beside, ...here.filter((name) => !/^tbot(?:\.exe)?$/.test(name))];
  if (strange.length > 0) throw new Error(`it wrote ${strange.join(', ')}`);
  for (const name of here) {
    const { size } = await stat(join(directory, name));
    if (size > 2 ** 24) throw new Error(`${name} has ${size} bytes`);
  }
}

export async function openArchiveProperties(
  stack: AsyncDisposableStack,
  at: { readonly authority: Authority; readonly caFile: string; readonly root: string },
): Promise<readonly Fuzz[]> {
  const site = new Site();
  const certificate = await at.authority.serverCertificate(['127.0.0.1']);
  const listener = await listenHttps(certificate, (...call) => site.answer(...call));
  stack.defer(() => listener.close());
  // Whatever is not on loopback ends at a closed port, also a changed address.
  const env = { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
  const network = openHttpClient({ env, extraCaFile: at.caFile });
  stack.defer(() => network.close());
  const { root } = at;
  const outside = join(root, 'outside');
  await mkdir(outside);
  const using = { site, address: `127.0.0.1:${listener.port}`, network, root };
  return [
    tarGz(using, made(outside)),
    zipArchive(using),
    checksums(using),
    image(using, made(outside)),
    challenges(using),
    imageSignatures(using),
    archiveSignatures(using),
  ];
}

function archiveOf({ before, after, inner }: Made, name: string): Buffer {
  return inner(tar([...before, { name, content: foreign }, ...after]));
}

const tarName = 'teleport-v18.2.4-linux-amd64-bin.tar.gz';
const zipName = 'teleport-v18.2.4-windows-amd64-bin.zip';

function tarGz(using: Using, any: fc.Arbitrary<Made>): Fuzz {
  const name = 'archives, tar and gzip';
  return fuzzOf(name, any, async (given) => {
    const bytes = given.outer(gzipSync(archiveOf(given, 'teleport/tbot'), { level: 1 }));
    using.site.put(tarName, bytes);
    using.site.put(`${tarName}.sha256`, Buffer.from(`${sha256(bytes)}  ${tarName}\n`));
    await installed(name, using, 'linux', { mirror: `https://${using.address}` });
  });
}

function zipArchive(using: Using): Fuzz {
  const name = 'archives, zip';
  const content = `MZ${'tbot'.repeat(500)}`;
  const members = fc.record(
    {
      name: fc.constantFrom('tbot.exe', '../../../../outside/tbot.exe', 'tsh.exe'),
      content: fc.constant(content),
      method: fc.constantFrom('stored' as const, 'deflated' as const),
      methodNumber: fc.nat(100),
      flags: fc.nat(0xffff),
      attributes: fc.nat(),
      size: fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1),
      offset: fc.constantFrom(0, 5, 2 ** 31),
    },
    { requiredKeys: ['name', 'content'] },
  );
  const cases = fc.tuple(fc.array(members, { maxLength: 2 }), byteEdits, fc.boolean());
  return fuzzOf(name, cases, async ([others, edit, change]) => {
    const whole = zip([{ name: 'tbot.exe', content }, ...others]);
    const bytes = change ? edit(whole) : whole;
    using.site.put(zipName, bytes);
    using.site.put(`${zipName}.sha256`, Buffer.from(sha256(bytes)));
    await installed(name, using, 'win32', { mirror: `https://${using.address}` });
  });
}

function checksums(using: Using): Fuzz {
  const name = 'published checksums';
  const bytes = gzipSync(tar([{ name: 'teleport/tbot', content: foreign }]));
  const line = Buffer.from(`${sha256(bytes)}  ${tarName}\n`);
  return fuzzOf(name, byteEdits, async (edit) => {
    using.site.put(tarName, bytes);
    using.site.put(`${tarName}.sha256`, edit(line));
    await installed(name, using, 'linux', { mirror: `https://${using.address}` });
  });
}

const compressions = {
  gzip: (bytes: Buffer) => gzipSync(bytes, { level: 1 }),
  zstd: (bytes: Buffer) => zstdCompressSync(bytes),
  none: unchanged,
} as const;

function image(using: Using, any: fc.Arbitrary<Made>): Fuzz {
  const name = 'images: manifests and layers';
  const forms = fc.record({
    form: fc.constantFrom('oci' as const, 'docker' as const, 'single' as const),
    compression: fc.constantFrom('gzip' as const, 'zstd' as const, 'none' as const),
    /** Changes of the manifests, whose digests stay right, and of their bytes, whose digests do not. */
    json: fc.oneof(
      fc.constant((json: unknown) => json),
      jsonEdits,
    ),
    bytes: fc.oneof({ weight: 4, arbitrary: fc.constant(unchanged) }, byteEdits),
  });
  const cases = fc.tuple(any, forms);
  return fuzzOf(name, cases, async ([given, { form, compression, json, bytes }]) => {
    const { site } = using;
    site.files.clear();
    const put = (content: Buffer, type: string, served = content): string => {
      const digest = `sha256:${sha256(content)}`;
      site.put(digest, served, type);
      return digest;
    };
    // The compression names the layer's type; its bytes are compressed here, to be changed again.
    const layer = given.outer(compressions[compression](archiveOf(given, 'usr/local/bin/tbot')));
    const blobs = {
      blob: (content: Uint8Array) =>
        put(content.length === 2 ? Buffer.from(content) : layer, 'application/octet-stream'),
      manifest: (content: object | string, { type, tag }: { type: string; tag?: string }) => {
        const changed = json(typeof content === 'string' ? content : sized(content, layer));
        const text = Buffer.from(JSON.stringify(changed) ?? 'null');
        if (tag !== undefined) site.put(tag, bytes(text), type);
        return put(text, type, bytes(text));
      },
    };
    putImage(blobs, { tag: '18.2.4', form, layers: [{ content: [], compression }] });
    await installed(name, using, 'linux', {
      installFrom: 'image',
      mirror: `${using.address}/mirrored/tbot-distroless`,
    });
  });
}

/** Has a registry demand a token that it gives to everybody. */
function challenges(using: Using): Fuzz {
  const name = 'challenges and tokens of a registry';
  const realm = `https://${using.address}/token`;
  const examples = [
    `Bearer realm="${realm}",service="testbed",scope="repository:tbot:pull"`,
    `Bearer realm=${realm}`,
    'Basic realm="x"',
  ];
  const challenge = mutatedText(examples, [realm, 'realm=', ',', '"', 'http://']);
  const cases = fc.tuple(challenge, jsonEdits, byteEdits, fc.boolean());
  return fuzzOf(name, cases, async ([header, json, bytes, damaged]) => {
    const { site } = using;
    site.files.clear();
    site.challenge = header.replaceAll(/[^ -~]/g, ' ').slice(0, 8000);
    const token = Buffer.from(JSON.stringify(json({ token: 'anonymous', expires_in: 300 })));
    site.put('token', damaged ? bytes(token) : token, 'application/json');
    await installed(name, using, 'linux', {
      installFrom: 'image',
      mirror: `${using.address}/mirrored/tbot-distroless`,
    });
    site.challenge = undefined;
  });
}

const [own, other] = [createSigningKey(), createSigningKey()];
const signatureKey = parseSignatureKey(own.pem);

/** Changes a signature of another digest by the trusted key, and one by another key. */
function imageSignatures(using: Using): Fuzz {
  const name = 'signatures of an image';
  const edits = { json: jsonEdits, manifest: byteEdits, payload: byteEdits };
  const some = fc.constantFrom('json', 'manifest', 'payload', 'none');
  const cases = fc.tuple(fc.record(edits), some, fc.boolean());
  return fuzzOf(name, cases, async ([{ json, manifest, payload }, part, platform]) => {
    const { site } = using;
    site.files.clear();
    const put = (bytes: Buffer, type: string): string => {
      site.put(`sha256:${sha256(bytes)}`, bytes, type);
      return `sha256:${sha256(bytes)}`;
    };
    const store = {
      blob: (bytes: Uint8Array) => put(Buffer.from(bytes), 'application/octet-stream'),
      manifest: (content: object | string, { type, tag }: { type: string; tag?: string }) => {
        const text = Buffer.from(JSON.stringify(content));
        if (tag !== undefined) site.put(tag, text, type);
        return put(text, type);
      },
    };
    const content = [{ name: 'usr/local/bin/tbot', content: foreign }];
    const digests = putImage(store, { tag: '18.2.4', layers: [{ content }] });
    const changed = {
      blob: (bytes: Uint8Array) =>
        store.blob(part === 'payload' ? payload(Buffer.from(bytes)) : bytes),
      manifest: (value: object | string, { type, tag = '' }: { type: string; tag?: string }) => {
        const text = Buffer.from(JSON.stringify(part === 'json' ? json(value) : value) ?? 'null');
        site.put(tag, part === 'manifest' ? manifest(text) : text, type);
        return tag;
      },
    };
    const signed = `sha256:${sha256(foreign)}`;
    putSignatures(changed, platform ? digests.platform : digests.top, [
      { key: own, signed },
      { key: other },
    ]);
    await installed(name, using, 'linux', {
      installFrom: 'image',
      mirror: `${using.address}/mirrored/tbot-distroless`,
      signatureKey,
    });
  });
}

/** Changes a signature of another archive by the trusted key, and one by another key. */
function archiveSignatures(using: Using): Fuzz {
  const name = 'signatures of an archive';
  const bytes = gzipSync(tar([{ name: 'teleport/tbot', content: foreign }]));
  const signatures = [own.sign(foreign), other.sign(bytes)];
  const examples = signatures.flatMap((raw) => [raw, Buffer.from(raw.toString('base64'))]);
  const cases = fc.tuple(fc.constantFrom(...examples), byteEdits);
  return fuzzOf(name, cases, async ([signature, edit]) => {
    using.site.put(tarName, bytes);
    using.site.put(`${tarName}.sha256`, Buffer.from(`${sha256(bytes)}  ${tarName}\n`));
    using.site.put(`${tarName}.sig`, edit(signature));
    await installed(name, using, 'linux', { mirror: `https://${using.address}`, signatureKey });
  });
}

/** Gives the layers of a manifest the size of what is served. */
function sized(manifest: object, layer: Buffer): object {
  if (!('layers' in manifest) || !Array.isArray(manifest.layers)) return manifest;
  const layers: readonly object[] = manifest.layers;
  return { ...manifest, layers: layers.map((one) => ({ ...one, size: layer.length })) };
}
