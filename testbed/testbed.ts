import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, createAuthority } from './ca.ts';
import { defaultBots, defaultTokens } from './defaults.ts';
import { type DownloadSite, startDownloads } from './downloads.ts';
import { type Faults, noFaults } from './faults.ts';
import { type GithubIssuer, startGithubIssuer } from './github.ts';
import { type Imds, startImds } from './imds.ts';
import type { InstalledTbot } from './tbot/install.ts';
import { createTbots, type Tbots } from './tbots.ts';
import { type ProxyOptions, type ProxyServer, startProxy } from './teleport/proxy.ts';

/** Changes to the default cluster, which is `rig.example.com` 18.2.4. */
type ClusterOptions = Omit<
  ProxyOptions,
  'faults' | 'webAuthority' | 'strangerAuthority' | 'githubIssuer' | 'imdsTrust'
>;

/** Changes to the default testbed. */
export interface TestbedOptions extends Partial<ClusterOptions> {
  readonly repositoryVisibility?: 'public' | 'private' | 'internal';
}

interface Services {
  readonly faults: Faults;
  readonly github: GithubIssuer;
  readonly imds: Imds;
  readonly downloads: DownloadSite;
  readonly proxy: ProxyServer;
}

/** A Teleport cluster, GitHub, Azure and the download site, all on loopback. */
export interface Testbed extends Services, AsyncDisposable {
  /** Its temporary folder, removed at the end. */
  readonly directory: string;
  /** PEM file of the CA that issued the certificates of the proxy and the download site. */
  readonly caFile: string;
  /** Faults, which can be changed at any time. */
  readonly faults: Faults;
  /** Returns the path of the stand-in tbot of a version, by default the cluster's. */
  tbot(version?: string): Promise<string>;
  /** Returns the stand-in tbot of a version. */
  installedTbot(version?: string): Promise<InstalledTbot>;
}

/** Starts the testbed. All servers listen on 127.0.0.1 only. */
export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  await using stack = new AsyncDisposableStack();
  const directory = await temporaryFolder(stack);
  const faults = noFaults();
  const tbots = createTbots(join(directory, 'tbot'), faults);
  const authority = await createAuthority({ organization: 'Testbed', commonName: 'Testbed CA' });
  const caFile = join(directory, 'web-ca.pem');
  await writeFile(caFile, authority.pem);
  const services = await startServices(options, { stack, faults, authority, tbots });
  const version = options.teleportVersion ?? defaultVersion;
  const running = stack.move();
  return {
    ...services,
    faults,
    directory,
    caFile,
    tbot: async (asked = version) => (await tbots.install(asked)).path,
    installedTbot: async (asked = version) => await tbots.install(asked),
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

const defaultVersion = '18.2.4';

async function startServices(
  options: TestbedOptions,
  base: { stack: AsyncDisposableStack; faults: Faults; authority: Authority; tbots: Tbots },
): Promise<Services> {
  const { stack, faults, authority, tbots } = base;
  const github = stack.use(await startGithubIssuer({ ...options, faults }));
  const imds = stack.use(await startImds({ faults }));
  const certificate = await authority.serverCertificate(['localhost', '127.0.0.1', '::1']);
  const tbotPath = async (version: string) => await tbots.pathIfKnown(version);
  const downloads = stack.use(await startDownloads({ faults, certificate, tbotPath }));
  const proxy = await startProxy({
    clusterName: 'rig.example.com',
    teleportVersion: defaultVersion,
    bots: defaultBots,
    tokens: defaultTokens,
    ...options,
    faults,
    webAuthority: authority,
    strangerAuthority: await createAuthority({ organization: 'Stranger', commonName: 'Stranger' }),
    githubIssuer: () => github.issuer,
    imdsTrust: () => imds,
  });
  return { faults, github, imds, downloads, proxy: stack.use(proxy) };
}

async function temporaryFolder(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'testbed-'));
  stack.defer(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}
