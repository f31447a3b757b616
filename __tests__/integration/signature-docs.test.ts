import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { install } from '../../src/install/install.ts';
import { environment, needs } from '../requirements.ts';
import { archiveName, type Fixture, openFixture, packed } from './install.fixture.ts';
import { trusting } from './signature.fixture.ts';

let fixture: Fixture;
let folder: string;
beforeAll(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(tmpdir(), 'signature-docs-'));
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Returns the shell commands in a section of a page. */
async function commandsIn(page: string, heading: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const [, rest = ''] = text.split(`\n${heading}\n`);
  const [section = ''] = rest.split(/^#{2,3} /m);
  return [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, body = '']) => body);
}

async function run(script: string): Promise<string> {
  const options = { cwd: folder, env: environment };
  return (await promisify(execFile)('/bin/sh', ['-ec', script], options)).stdout;
}

describe('the commands of the documentation', needs('openssl'), () => {
  it('create keys and a signature that the action accepts', async () => {
    const [create = '', sign = '', withCosign = ''] = await commandsIn(
      'installing.md',
      '### Sign a mirror',
    );
    expect(withCosign).toContain('cosign sign --key');
    const content = '#!/bin/sh\necho "Teleport v18.2.4 git:x go1.24"\n';
    const archive = packed([{ name: 'teleport/tbot', content }]);
    await writeFile(join(folder, archiveName), archive);
    await run(create);
    await run(sign);
    const { downloads } = fixture.testbed;
    downloads.publish(archiveName, archive);
    downloads.publish(`${archiveName}.sig`, await readFile(join(folder, `${archiveName}.sig`)));
    const pem = await readFile(join(folder, 'tbot-signing.pub'), 'utf8');
    const tool = await install(fixture.request({ inputs: trusting({ pem }) }));
    expect(tool).toMatchObject({ version: '18.2.4', source: 'archive' });
    const [print = ''] = await commandsIn('problems.md', '## signature');
    const [digest = ''] = /[0-9a-f]{64}/.exec(await run(print)) ?? [];
    expect(fixture.lines).toContain(`The archive is signed with key sha256:${digest}.`);
  });
});
