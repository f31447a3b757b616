import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Options that keep the browser from using the network on its own. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless browser with a new profile. */
export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext;
}

/** Starts the system's Chromium. */
export async function openBrowser(
  options: {
    readonly width?: number;
    readonly colorScheme?: 'light' | 'dark';
    /** Pixels of the image for each pixel of the page. */
    readonly scale?: number;
  } = {},
): Promise<Browser> {
  const { width = 1280, colorScheme = 'light', scale = 1 } = options;
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browserPath(),
    args: switches,
    viewport: { width, height: 800 },
    colorScheme,
    deviceScaleFactor: scale,
  });
  return {
    context,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Throws unless Chromium is installed. */
function browserPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const path = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
  if (path === undefined) throw new Error(`none of ${names.join(', ')} is installed`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
