import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The layers of tests, folders of `__tests__`: those with the slowest files first. */
const layers = ['stress', 'real', 'action', 'integration', 'unit', 'structure'];

function layerOf({ project }: TestSpecification): number {
  return layers.indexOf(project.name);
}

/** Starts the slowest layers first, so that no slow file is left for the end. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is a method of the sequencer
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => layerOf(one) - layerOf(other));
  }
}

/**
 * Takes the `never` defaults of switches out of what is measured: only a value that the types rule
 * out could reach them. Every other character stays where it is.
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
      // Unit and structure tests share nothing that they change, so they need no process of their own.
      test: { name, include: [`__tests__/${name}/**/*.test.ts`], isolate: !isPure(name) },
    })),
    sequence: { sequencer: SlowestFirst },
    // Most tests wait for a process or a socket, so there are more workers than cores.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['src/**'],
      exclude: ['src/entry/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { branches: 95 },
    },
  },
});
