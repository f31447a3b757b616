import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createRunner, type RunnerOptions, type StepResult } from '../../testbed/runner/runner.ts';

/** Writes the scripts of one test file into a folder that is removed after its tests. */
export function scriptFolder() {
  let folder = '';
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scripts-'));
  });
  afterAll(async () => await rm(folder, { recursive: true, force: true }));

  /** A script in which `say` prints lines and `append` writes to a file command. */
  const script = async (body: string): Promise<string> => {
    count += 1;
    const path = join(folder, `script-${count}.mjs`);
    await writeFile(path, prelude + body);
    return path;
  };

  /** Runs one main in a job of its own. */
  const play = async (
    body: string,
    options: RunnerOptions = {},
  ): Promise<{ step: StepResult; exported: Readonly<Record<string, string>> }> => {
    await using runner = await createRunner(options);
    const step = await runner.uses({ id: 'it', name: 'acme/it@v1', main: await script(body) });
    return { step, exported: runner.exported };
  };

  return { folder: () => folder, script, play };
}

const prelude = `
  import { appendFileSync } from 'node:fs';
  const say = (...lines) => { for (const line of lines) console.log(line); };
  const append = (name, text) => appendFileSync(process.env['GITHUB_' + name], text);
`;
