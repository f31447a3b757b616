import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, race, table } from './measure.ts';

const dist = new URL('../dist/', import.meta.url).pathname;

/** Measures the start of main and post, and prints the sizes of the files in dist. */
export async function benchStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const empty = join(folder, 'empty.mjs');
    await writeFile(empty, '');
    const rows = await race(40, [
      { name: 'an empty file', run: () => node(empty) },
      {
        name: 'main, until the errors about its missing inputs',
        run: () => node(`${dist}main.js`),
      },
      { name: 'post without a previous main', run: () => node(`${dist}post.js`) },
    ]);
    table('Start', rows);
  } finally {
    await rm(folder, { recursive: true });
  }
  await sizes();
}

async function sizes(): Promise<void> {
  console.log('\nFiles of dist');
  for (const name of (await readdir(dist)).toSorted())
    console.log(
      `  ${(await stat(dist + name)).size.toLocaleString('en').padStart(9)} bytes  ${name}`,
    );
}
