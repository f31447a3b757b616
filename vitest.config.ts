import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The folders of `__tests__`, slowest first. */
const layers = ['stress', 'real', 'action', 'integration', 'unit', 'structure'];

function layerOf({ project }: TestSpecification): number {
  return layers.indexOf(project.name);
}

/** Starts the slowest folders first, so that the last files to run are short. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is a method of the sequencer
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => layerOf(one) - layerOf(other));
  }
}

/**
 * Excludes the `never` defaults of switches from the coverage, because the types make them unreachable.
 * Replaces them by spaces, so that all positions stay the same.
 */
function withoutNeverDefaults(): Plugin {
  const unreachable = /\bdefault:\s*return [\w.]+ satisfies never;/g;
  return {
    name: 'without-never-defaults',
    enforce: 'pre',
    transform: (code, id) =>
      id.includes('/src/')
        ? code.replaceAll(unreachable, (found) => found.replaceAll(/[^\n]/g, ' '))
        : undefined,
  };
}

function isPure(layer: string): boolean {
  return layer === 'unit' || layer === 'structure';
}

export default defineConfig({
  plugins: [withoutNeverDefaults()],
  test: {
    projects: layers.map((name) => ({
      extends: true,
      // Unit and structure tests share no state, so they can run in the same process.
      test: { name, include: [`__tests__/${name}/**/*.test.ts`], isolate: !isPure(name) },
    })),
    reporters: ['default', './__tests__/skipped-reporter.ts'],
    sequence: { sequencer: SlowestFirst },
    // Most tests wait for a process or a socket, so there are more workers than cores.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['src/**'],
      // Run in processes of their own, which are not counted.
      exclude: ['src/entry/**', 'src/cli/**', 'src/ci/!(github)/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { branches: 95 },
    },
  },
});
