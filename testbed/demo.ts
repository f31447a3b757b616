import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { demoPage } from './demo/page.ts';
import { type DemoRun, runScenario } from './demo/run.ts';
import { demoCluster, scenariosOf, standInInputs } from './demo/scenarios.ts';
import { print, printRun } from './demo/terminal.ts';
import { startTestbed, type Testbed } from './testbed.ts';

const usage = `Usage: npm run demo -- [--html FILE] [--images DIR]

--html FILE   Also writes the demo as one HTML page.
--images DIR  Also writes the images of README.md. Requires Chromium.
`;

interface Settings {
  readonly html?: string | undefined;
  readonly images?: string | undefined;
}

function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: { html: { type: 'string' }, images: { type: 'string' } },
  });
  for (const [name, value] of Object.entries(values))
    if (value === '') throw new Error(`Option --${name} must not be empty`);
  const { html } = values;
  if (html !== undefined && !existsSync(dirname(html)))
    throw new Error(`Option --html: the directory ${dirname(html)} does not exist`);
  return values;
}

function introduction(inputs: readonly string[]): string {
  return `
Demo of machine-id-action on this machine, without Teleport, GitHub or Azure

Real:      the action, as built in dist/
Stand-in:  the Teleport cluster and tbot
Stand-in:  GitHub's runner and its issuer of OIDC tokens
Stand-in:  Azure's metadata service

Every step also sets summary: always, and inputs that select the stand-ins:
${inputs.join(', ')}.`;
}

async function runAll(testbed: Testbed): Promise<readonly DemoRun[]> {
  const runs: DemoRun[] = [];
  for (const [index, scenario] of scenariosOf(testbed).entries()) {
    print();
    print(`${index + 1}. ${scenario.title}`, ['bold', 'underline']);
    const run = await runScenario(scenario, testbed);
    printRun(run);
    runs.push(run);
  }
  return runs;
}

async function demo({ html, images }: Settings): Promise<void> {
  await using testbed = await startTestbed(demoCluster);
  const hidden = Object.keys(await standInInputs(testbed));
  print(introduction(hidden));
  const runs = await runAll(testbed);
  const expected = runs.filter(({ surprises }) => surprises.length === 0).length;
  const passed = expected === runs.length;
  print();
  print(
    `Demo: ${expected} of ${runs.length} scenarios behaved as expected.`,
    passed ? ['bold', 'green'] : ['bold', 'red'],
  );
  if (!passed) process.exitCode = 1;
  if (html !== undefined) {
    await writeFile(html, await demoPage(runs, hidden));
    print(`Page: ${html}`);
  }
  if (images !== undefined) {
    const { takePictures } = await import('./demo/pictures.ts');
    await takePictures(runs, images);
    print(`Images: ${images}`);
  }
}

let settings: Settings | undefined;
try {
  settings = readSettings(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
if (settings) await demo(settings);
