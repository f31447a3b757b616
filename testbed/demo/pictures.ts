import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from './browser.ts';
import { summaryPage } from './page.ts';
import { withPalette } from './png.ts';
import type { DemoRun } from './run.ts';

/** Writes the images of README.md: the job summaries of the first join and of the denied one. */
export async function takePictures(runs: readonly DemoRun[], folder: string): Promise<void> {
  await using browser = await openBrowser({ width: 780, scale: 2 });
  await mkdir(folder, { recursive: true });
  const page = await browser.context.newPage();
  for (const outcome of ['success', 'failure']) {
    const run = runs.find(({ step }) => step.outcome === outcome);
    if (run === undefined) throw new Error(`no job ended with ${outcome}`);
    await page.setContent(await summaryPage(run));
    if (outcome === 'success') await page.locator('summary').click();
    const name = outcome === 'success' ? 'job-summary.png' : 'job-summary-denied.png';
    const screenshot = await page.locator('figure').screenshot();
    await writeFile(join(folder, name), withPalette(screenshot));
  }
}
