import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Cluster } from '../../src/cluster/cluster.ts';
import { type Answer, type Change, failing, type Failure } from './install-network.fixture.ts';

const fromImage = (change: Change, answer?: (url: string) => Answer): Promise<Failure> =>
  failing({ ...change, inputs: { installFrom: 'image', ...change.inputs } }, answer);

describe('the image of a build', () => {
  const manifests = ['amd64', 'arm64', 'arm'].map((architecture, index) => ({
    digest: `sha256:${String(index).repeat(64)}`,
    size: 9,
    platform: { os: 'linux', architecture },
  }));
  const digestOf = (architecture: string): string =>
    manifests.find(({ platform }) => platform.architecture === architecture)?.digest ?? '';

  it.each([
    ['x64', false, undefined, 'public.ecr.aws', 'gravitational/tbot-distroless', 'amd64'],
    ['x64', true, undefined, 'public.ecr.aws', 'gravitational/tbot-fips-distroless', 'amd64'],
    ['arm', false, undefined, 'public.ecr.aws', 'gravitational/tbot-distroless', 'arm'],
    ['arm64', false, 'r.example.com:5000/a/b', 'r.example.com:5000', 'a/b', 'arm64'],
  ])(
    'is selected for %s, fips=%s from %s',
    async (arch, fips, mirror, registry, repository, architecture) => {
      const { urls, lines } = await fromImage({ arch, inputs: { fips, mirror } }, (url) =>
        url.endsWith('/18.2.4') ? { body: JSON.stringify({ manifests }) } : { status: 404 },
      );
      expect(lines).toContain(`Pulling tbot 18.2.4: ${registry}/${repository}:18.2.4`);
      const below = `https://${registry}/v2/${repository}/manifests`;
      expect(urls).toEqual([`${below}/18.2.4`, `${below}/${digestOf(architecture)}`]);
    },
  );

  it.each([{ platform: 'darwin' }, { platform: 'win32' }, { arch: 's390x' }] as const)(
    'does not exist for %j',
    async (no) => {
      const { problem, urls } = await fromImage(no);
      const message = expect.stringContaining('Teleport publishes no image of tbot for');
      expect(problem).toMatchObject({ code: 'platform', message });
      expect(urls).toEqual([]);
    },
  );
});

const clusterOf = (facts: Pick<Cluster, 'edition' | 'fips'>): Cluster => ({
  name: 'rig.example.com',
  serverVersion: '18.2.4',
  minClientVersion: '17.0.0',
  ...facts,
});

describe('the selected build', () => {
  const ent = { edition: 'enterprise', fips: true } as const;
  const toolCache = '/nowhere';
  const directories = { temp: undefined, workspace: undefined, toolCache };
  /** The folder of the tool cache that is inspected; its path names the build. */
  const cached = async (change: Change): Promise<string> => {
    const { lines } = await failing({ directories, ...change });
    const pattern = /^The tool cache does not contain \/nowhere\/(.*)\/tbot\.$/;
    return lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined) ?? '';
  };

  it.each([
    ['auto', 'auto', undefined, 'tbot'],
    ['auto', 'auto', ent, 'tbot-ent-fips'],
    ['auto', false, { edition: 'community', fips: false }, 'tbot'],
    ['auto', false, { edition: 'oss', fips: false }, 'tbot'],
    ['oss', false, ent, 'tbot'],
    ['cloud', 'auto', undefined, 'tbot-ent'],
    ['enterprise', true, undefined, 'tbot-ent-fips'],
  ] as const)('for edition %s, fips %s, cluster %j', async (edition, fips, facts, wanted) => {
    const cluster = facts && clusterOf(facts);
    const folder = await cached({ cluster, inputs: { edition, fips } });
    expect(folder).toBe(`${wanted}/18.2.4/x64`);
  });

  it('is not a FIPS build where none exists, even for a FIPS cluster', async () => {
    const mac = { platform: 'darwin', arch: 'arm64' } as const;
    expect(await cached({ ...mac, cluster: clusterOf(ent) })).toBe('tbot-ent/18.2.4/arm64');
  });
});

/** Returns the URLs that are requested after this challenge of a registry. */
const challenged = async (
  challenge: string | undefined,
  registry = 'r.example.com',
  token = '{}',
): Promise<readonly string[]> => {
  const headers = challenge === undefined ? {} : { 'www-authenticate': challenge };
  const { problem, urls } = await fromImage({ inputs: { mirror: `${registry}/tbot` } }, (url) =>
    url.includes('/v2/') ? { status: 401, headers } : { body: token },
  );
  const message = expect.stringContaining('HTTP 401');
  expect(problem).toMatchObject({ code: 'download', message });
  const [first, ...others] = urls;
  expect(first).toBe(`https://${registry}/v2/tbot/manifests/18.2.4`);
  return others;
};

describe('the challenge of a registry', () => {
  const realm = 'https://auth.example.com/token';

  it('is parsed in any order and case', async () => {
    const header = `bearer Scope="repository:a/b:pull",service="s",realm="${realm}"`;
    expect(await challenged(header)).toEqual([
      `${realm}?service=s&scope=repository%3Aa%2Fb%3Apull`,
    ]);
  });

  it.each([
    undefined,
    '',
    'Basic realm="x"',
    'Bearer',
    'Bearer service="s"',
    `Bearer ${'a'.repeat(5000)}`,
    `Bearer realm="${realm}",${'a'.repeat(5000)}`,
  ])('is ignored: %s', async (header) => {
    expect(await challenged(header)).toEqual([]);
  });

  it.each([
    'http://auth.example.com/',
    'file:///etc/passwd',
    'nonsense',
    'https://me@auth.example.com/',
  ])('is ignored if its realm is %s', async (bad) => {
    expect(await challenged(`Bearer realm="${bad}"`)).toEqual([]);
  });

  it('may have a realm without TLS on loopback only', async () => {
    const plain = 'http://127.0.0.1:5000/token';
    const challenge = `Bearer realm=${plain}`;
    expect(await challenged(challenge, '127.0.0.1:5000')).toEqual([plain]);
    expect(await challenged(challenge)).toEqual([]);
  });

  it.each(['{}', '{"token":""}', '{"token":"a b"}', 'nonsense'])(
    'is not met by the response %s',
    async (token) => {
      expect(await challenged(`Bearer realm="${realm}"`, 'r.example.com', token)).toEqual([realm]);
    },
  );

  it.each(['token', 'access_token'])('is met by a token named %s', async (name) => {
    const token = JSON.stringify({ [name]: 'secret' });
    const urls = await challenged(`Bearer realm="${realm}"`, 'r.example.com', token);
    expect(urls).toEqual([realm, 'https://r.example.com/v2/tbot/manifests/18.2.4']);
  });
});

it('parses any manifest or throws a BadArchive', async () => {
  const list = fc.array(fc.jsonValue());
  const manifest = fc.oneof(fc.record({ manifests: list }), fc.record({ layers: list }));
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    manifest.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      const { problem } = await fromImage({}, () => ({ body }));
      // A valid index has no image for this platform.
      expect(['archive', 'platform']).toContain(problem.code);
    }),
  );
});
