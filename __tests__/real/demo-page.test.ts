import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../../testbed/demo/browser.ts';
import { renderMarkdown } from '../../testbed/demo/markdown.ts';
import { demoPage } from '../../testbed/demo/page.ts';
import { takePictures } from '../../testbed/demo/pictures.ts';
import { type DemoRun, runScenario } from '../../testbed/demo/run.ts';
import { demoCluster, scenariosOf } from '../../testbed/demo/scenarios.ts';
import { issued, type Secret } from '../../testbed/issued.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { needs } from '../requirements.ts';
import { seeker } from '../stress/leaks-forms.ts';
import { secretsIn } from '../stress/leaks-keys.ts';
import { recordsIn, recordTbot, writeRecorder } from '../stress/leaks.fixture.ts';

let folder: string;
let file: string;
let runs: readonly DemoRun[];
let secrets: readonly Secret[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-page-'));
  file = join(folder, 'demo.html');
  await using testbed = await startTestbed(demoCluster);
  const records = join(folder, 'records');
  await mkdir(records);
  await recordTbot(await testbed.tbot(), (await writeRecorder(testbed.directory))(records));
  runs = await runDemo(testbed);
  const written = (await recordsIn(records)).flatMap((entry) =>
    entry.kind === 'write' ? secretsIn(entry.data) : [],
  );
  const requestToken = testbed.github.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  secrets = [...issued, ...written, { kind: 'request token', text: requestToken }];
  await writeFile(file, await demoPage(runs, ['proxy']));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function runDemo(testbed: Testbed): Promise<readonly DemoRun[]> {
  const done: DemoRun[] = [];
  for (const scenario of scenariosOf(testbed)) done.push(await runScenario(scenario, testbed));
  return done;
}

describe('Markdown', () => {
  it.each([
    '<img src="https://evil.example/x.png" onerror="alert(1)">',
    'text <script>alert(1)</script>',
    '<details ontoggle="alert(1)" open>',
    '![x](https://evil.example/x.png)',
    '[x](javascript:alert(1))',
    '[x](https://evil.example/"onclick="alert(1))',
    '```"><img src=x>\nx\n```',
  ])('%j contains nothing that loads or runs', (markdown) => {
    const { html } = renderMarkdown(markdown);
    expect(html).not.toMatch(/<(?:img|script|details )|<[^>]* on\w+=|href="javascript/);
  });

  it('folds sections', () => {
    const { html } = renderMarkdown(
      '<details><summary>*x*</summary>\n\n| a |\n|---|\n\n</details>',
    );
    expect(html).toMatch(/^<details><summary>\*x\*<\/summary>\s*<table>[^]*<\/details>/);
  });
});

const kindsOfEveryRun = ['private key', 'key of a kubeconfig', 'OIDC token', 'request token'];

describe('the demo', () => {
  it('behaves as expected', () => {
    expect(runs.flatMap(({ surprises }) => surprises)).toEqual([]);
    expect(runs).toHaveLength(4);
  });

  it('writes no secret to the page', async () => {
    const seek = seeker(secrets);
    const page = await readFile(file, 'utf8');
    const kinds = new Set(secrets.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(kindsOfEveryRun));
    expect(seek(page)).toEqual([]);
    for (const { text, kind } of secrets) expect(seek(page + text), kind).not.toEqual([]);
  });

  it.each([
    ['no file', '--html'],
    ['an empty file name', '--html='],
    ['a file in a missing directory', '--html=missing/demo.html'],
  ])('rejects %s', (_, option) => {
    const { status, stderr } = spawnSync(process.execPath, ['testbed/demo.ts', option]);
    expect(status).toBe(2);
    expect(stderr.toString()).toContain('Usage: npm run demo -- [--html FILE]');
  });
});

interface Inspection {
  readonly texts: number;
  readonly tooWide: number;
  readonly overflowing: readonly string[];
  readonly faint: readonly string[];
  readonly background: number;
}

async function inspect(page: Page): Promise<Inspection> {
  const script = await readFile(new URL('demo-page.inspect.js', import.meta.url), 'utf8');
  return await page.evaluate(script);
}

describe('the page of the demo', needs('chromium'), () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    browser.context.on('request', (request) => void requests.push(request.url()));
    page = await browser.context.newPage();
  });
  afterAll(async () => browser[Symbol.asyncDispose]());

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const)('fits a window of %i pixels, in %s colours', async (width, colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(pathToFileURL(file).href);
    const { texts, background, ...rest } = await inspect(page);
    expect(rest).toEqual({ tooWide: 0, overflowing: [], faint: [] });
    expect(texts).toBeGreaterThan(200);
    expect(background > 0.5).toBe(colorScheme === 'light');
  });

  it('shows all parts of each scenario', async () => {
    await page.goto(pathToFileURL(file).href);
    for (const [index, { scenario, files }] of runs.entries()) {
      const section = page.locator(`#scenario-${index + 1}`);
      expect(await section.locator('h2').textContent()).toContain(scenario.title);
      expect(await section.locator('.workflow').textContent()).toContain('with:');
      expect(await section.locator('.job-summary h3').nth(1).textContent()).toMatch(/^Teleport/);
      expect(await namesIn(section)).toEqual(expect.arrayContaining(['Resolve', 'Join', 'Post']));
      expect(await section.locator('.files tbody tr').count()).toBe(files.length);
      expect(await section.locator('.files .success').count()).toBe(files.length);
      expect(files.length).toBeGreaterThan(2);
    }
  });

  it('folds the log as the runner does', async () => {
    await page.goto(pathToFileURL(file).href);
    const log = page.locator('#scenario-4 .log');
    expect(await log.locator('.group').first().textContent()).toContain('token: docs-bot');
    expect(await log.getByText('token: docs-bot').isVisible()).toBe(false);
    expect(await log.locator('.error').isVisible()).toBe(true);
    expect(await log.locator('.error').textContent()).toMatch(/^Error: Join token `docs-bot`/);
  });

  it('renders the job summary', async () => {
    await page.goto(pathToFileURL(file).href);
    const summary = page.locator('#scenario-1 .summary');
    expect(await summary.locator('table').first().locator('tbody code').count()).toBe(2);
    expect(await summary.locator('details table tbody tr').count()).toBe(4);
    const failure = page.locator('#scenario-4 .summary');
    expect(await failure.innerHTML()).toContain('docs/problems.md#claims-denied');
    expect(await failure.locator('pre').first().textContent()).toContain('- repository: ');
  });

  it('loads nothing', () => {
    expect([...new Set(requests)]).toEqual([pathToFileURL(file).href]);
  });

  it('has small images for README.md', async () => {
    await takePictures(runs, folder);
    for (const name of ['job-summary.png', 'job-summary-denied.png']) {
      const image = join(folder, name);
      await page.goto(pathToFileURL(image).href);
      expect(await page.evaluate('document.images[0].naturalWidth')).toBe(1560);
      expect((await stat(image)).size).toBeLessThan(60_000);
    }
  });
});

async function namesIn(section: Locator): Promise<readonly string[]> {
  return await section.locator('.timeline .name').allTextContents();
}
