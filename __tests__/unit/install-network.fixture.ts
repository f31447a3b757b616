import { tmpdir } from 'node:os';

import type { HttpClient } from '../../src/http/client.ts';
import { install } from '../../src/install/install.ts';
import type { InstallRequest } from '../../src/install/request.ts';
import { Problem } from '../../src/problem.ts';

/** The response of a site. The status defaults to 200. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Changes to the installation of an exact version for Linux without a cluster. */
export type Change = Partial<Omit<InstallRequest, 'inputs' | 'network'>> & {
  readonly inputs?: Partial<InstallRequest['inputs']>;
};

/** A failed installation. */
export interface Failure {
  readonly problem: Problem;
  /** The URLs that were requested, in order. */
  readonly urls: readonly string[];
  readonly lines: readonly string[];
}

/** Returns the Problem of an installation from sites with these responses. */
export async function failing(
  change: Change,
  answer: (url: string) => Answer = () => ({ status: 404 }),
): Promise<Failure> {
  const urls: string[] = [];
  const lines: string[] = [];
  const get: HttpClient['get'] = async (url) => {
    urls.push(url);
    const { status = 200, headers = {}, body = '' } = answer(url);
    return {
      url,
      status,
      headers,
      body: typeof body === 'string' || body instanceof Uint8Array ? once(Buffer.from(body)) : body,
      text: async () => (typeof body === 'string' ? body : ''),
      discard: () => undefined,
    };
  };
  const network: HttpClient = { get, caBundle: async () => '', close: () => undefined };
  try {
    await install(requestOf(change, network, lines));
  } catch (problem) {
    if (problem instanceof Problem) return { problem, urls, lines };
    throw problem;
  }
  throw new Error('the installation succeeded');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function requestOf(change: Change, network: HttpClient, lines: string[]): InstallRequest {
  return {
    cluster: undefined,
    network,
    directory: tmpdir(),
    env: {},
    directories: { temp: undefined, workspace: undefined, toolCache: undefined },
    platform: 'linux',
    arch: 'x64',
    ci: {
      info: (line) => lines.push(line),
      notice: (_, line) => lines.push(line),
      mask: () => undefined,
    },
    signal: new AbortController().signal,
    retryPolicy: { attempts: 1, pause: 0, longest: 0 },
    ...change,
    inputs: {
      proxy: undefined,
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
      ...change.inputs,
    },
  };
}
