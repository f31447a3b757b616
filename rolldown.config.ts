import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig, type OutputChunk, type Plugin, type RolldownOptions } from 'rolldown';

const modules = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/** The folder and name of the package that a bundled module comes from. */
function packageOf(module: string): string | undefined {
  return [...module.matchAll(new RegExp(modules, 'g'))].at(-1)?.[1]?.replaceAll('\\', '/');
}

/** One chunk for each package, so that a reviewer sees what is not ours. */
function vendorChunk(module: string): string {
  return `vendor-${(packageOf(module) ?? '').replace(/^@/, '').replace('/', '-')}`;
}

/** Packages that were really bundled, by the folder they lie in; shared by all builds. */
const bundled = new Map<string, string>();

/** Writes the licenses of what was bundled beside the bundle, sorted, so that any order gives the same bytes. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter(
        (file): file is OutputChunk => file.type === 'chunk',
      );
      for (const [module, { renderedLength }] of chunks.flatMap(({ modules: all }) =>
        Object.entries(all),
      )) {
        const name = renderedLength > 0 ? packageOf(module) : undefined;
        if (name) bundled.set(name, module.slice(0, module.lastIndexOf(name) + name.length));
      }
    },
    writeBundle({ dir }) {
      writeFileSync(join(dir ?? 'dist', 'licenses.txt'), licenseTexts());
    },
  };
}

function licenseTexts(): string {
  return [...bundled]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, folder]) => {
      const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `License: ${license}`;
      return `${name} ${version}\n${'-'.repeat(60)}\n${text}\n`;
    })
    .join('\n');
}

export const common = {
  platform: 'node',
  // Older than what the action needs, so that an older Node can say so instead of a syntax error.
  transform: { target: 'node20' },
  treeshake: { moduleSideEffects: [{ test: /[\\/]node_modules[\\/]/, sideEffects: false }] },
  plugins: [licenses()],
  // A warning can mean code that fails when it runs, such as a name that a package does not export.
  onLog: (level, log, next) => next(level === 'warn' ? 'error' : level, log),
} satisfies RolldownOptions;

const output = {
  dir: join(dirname(import.meta.filename), 'dist'),
  format: 'esm',
  minify: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
} satisfies RolldownOptions['output'];

const health = join(dirname(import.meta.filename), 'src/background/health.ts');

/**
 * A build of its own for an entry point that cleans up, because a file that shares no chunks with main
 * starts faster. What it may load later is
 * in other files: @actions/exec, to run ps, and health.js of the first build.
 */
function cleanUp(name: string): RolldownOptions {
  return {
    ...common,
    external: [health],
    input: { [name]: `src/entry/${name}.ts` },
    output: {
      ...output,
      chunkFileNames: `${name}-[name].js`,
      paths: { [health]: './health.js' },
    },
  };
}

export default defineConfig([
  {
    ...common,
    input: {
      main: 'src/entry/main.ts',
      setup: 'src/entry/setup.ts',
      'machine-id': 'src/entry/machine-id.ts',
      // Not started, but loaded by main and post if tbot runs in the background.
      health: 'src/background/health.ts',
    },
    output: {
      ...output,
      cleanDir: true,
      codeSplitting: {
        groups: [
          { name: vendorChunk, debugName: 'vendor', test: modules },
          // Not in main.js: what is loaded later would have to wait for main to end.
          {
            name: 'shared',
            test: /[\\/]src[\\/](main|setup[\\/]setup|ci[\\/](github|plain-lines|secrets)|inputs|problem|report|process[\\/]stop|http[\\/]tls-environment)\b|@oxc-project/,
            minShareCount: 2,
          },
          // What a join and the report about a tbot in the background load.
          {
            name: 'diagnosis',
            test: /[\\/]src[\\/](background[\\/](?!report-background)|methods|tbot[\\/]diagnosis|services[\\/]secrets)\b/,
            minShareCount: 2,
          },
          // What main and setup load only after a look at their inputs.
          { name: 'install', test: /[\\/]src[\\/]/, minShareCount: 2 },
        ],
      },
    },
  },
  cleanUp('post'),
  cleanUp('scrub'),
]);
