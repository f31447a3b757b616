import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';

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

export default defineConfig({
  plugins: [withoutNeverDefaults()],
  test: {
    include: ['__tests__/**/*.test.ts'],
    // Most tests wait for a process or a socket, so there are more workers than cores.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['src/**'],
      exclude: ['src/entry/**', 'src/workdir/windows.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { branches: 95 },
    },
  },
});
