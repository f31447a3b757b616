import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultMachine } from '../../testbed/imds/machine.ts';
import { codesOf } from '../action/action.fixture.ts';
import { resourcesOf } from '../action/resources.fixture.ts';
import { needs } from '../requirements.ts';
import { fencesOf } from '../structure/fences.ts';
import {
  commandsOf,
  fenceAfter,
  type Guide,
  openGuide,
  settled,
  visible,
} from './guide.fixture.ts';

const execute = promisify(execFile);
const page = 'docs/azure.md';
const workflow = fencesOf(page).find((body) => /^jobs:/m.test(body)) ?? '';
const systemAssigned = fenceAfter(page, 'set `join-method` instead of the client ID:');
const [user] = defaultMachine().identities.user;
const other = { clientId: '55555555-5555-5555-5555-555555555555', resourceId: '/other' };

describe('docs/azure.md', () => {
  let guide: Guide;
  beforeAll(async () => {
    guide = await openGuide(['docs/getting-started.md', page], userInfo().username);
  });
  afterEach(() => {
    Object.assign(guide.testbed.imds.machine, defaultMachine());
    Object.assign(guide.testbed.proxy.tokens, resourcesOf(page).tokens);
  });
  afterAll(async () => await guide[Symbol.asyncDispose]());

  async function play(steps: string) {
    return await guide.play(steps, {
      environment: guide.testbed.imds.environment,
      description: { runnerEnvironment: 'self-hosted' },
    });
  }

  async function outcomeOf(steps: string): Promise<readonly string[]> {
    const [step] = (await play(steps)).steps;
    return step === undefined ? [] : [step.outcome, ...codesOf(step)];
  }

  it('shows what the first job prints', needs('ssh', 'sshd'), async () => {
    await using _node = await guide.startNode();
    const { steps, end } = await play(workflow);
    expect(steps.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    expect(settled(visible(steps[0]?.log ?? ''))).toBe(
      settled(fenceAfter(page, 'so its first step prints:')),
    );
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it.each([
    ['the system-assigned identity', systemAssigned, { system: true, user: [user, other] }],
    ['one of several user-assigned identities', workflow, { system: false, user: [user, other] }],
  ])('joins with %s', async (_, steps, identities) => {
    Object.assign(guide.testbed.imds.machine, { identities });
    expect(await outcomeOf(steps)).toEqual(['success']);
  });

  it('does not choose one of several user-assigned identities', async () => {
    const identities = { system: false, user: [user, other] };
    Object.assign(guide.testbed.imds.machine, { identities });
    expect(await outcomeOf(systemAssigned)).toEqual(['failure', 'imds-several-identities']);
  });

  it('joins from any resource group if the rule names only the subscription', async () => {
    const allow = [{ subscription: '11111111-1111-1111-1111-111111111111' }];
    guide.testbed.imds.machine.resourceGroupName = 'group2';
    expect(await outcomeOf(workflow)).toEqual(['failure', 'azure-denied']);
    const { tokens } = guide.testbed.proxy;
    tokens['example-bot-azure'] = { bot: 'example', joinMethod: 'azure', allow };
    expect(await outcomeOf(workflow)).toEqual(['success']);
  });

  it('tests the network of the runner', needs('curl'), async () => {
    const { imds, directory, proxy, caFile } = guide.testbed;
    const { host } = new URL(imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST);
    const lines = [
      `connect-to = "169.254.169.254:80:${host}"`,
      `connect-to = "example.teleport.sh:443:${proxy.address}"`,
      `cacert = "${caFile}"`,
      '',
    ];
    writeFileSync(join(directory, '.curlrc'), lines.join('\n'));
    const [imdsCommand = '', , findCommand = ''] = fenceAfter(
      page,
      'as the user of the runner:',
    ).split('\n');
    const env = { CURL_HOME: directory, PATH: process.env['PATH'] ?? '' };
    const run = async (command: string) =>
      JSON.parse((await execute('bash', ['-c', command], { env })).stdout);
    expect(await run(imdsCommand)).toMatchObject({
      apiVersions: expect.arrayContaining(['2020-09-01']),
    });
    expect(await run(findCommand)).toHaveProperty('server_version');
  });

  it('has commands and a role that can be parsed', async () => {
    await execute('bash', ['-n', '-c', commandsOf(page)]);
    expect(JSON.parse(fenceAfter(page, '`teleport-read-vm.json`:'))).toMatchObject({
      Actions: ['Microsoft.Compute/virtualMachines/read'],
    });
  });
});
