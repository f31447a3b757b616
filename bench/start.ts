import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, race, table } from './measure.ts';

const dist = new URL('../dist/', import.meta.url).pathname;

/** How long it takes until our code runs, against a Node that runs nothing; and what there is to load. */
export async function benchStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const empty = join(folder, 'empty.mjs');
    await writeFile(empty, '');
    const rows = await race(40, [
      { name: 'an empty file', run: () => node(empty) },
      {
        name: 'main, up to the mistakes in its (absent) inputs',
        run: () => node(`${dist}main.js`),
      },
      { name: 'post after a main that never ran', run: () => node(`${dist}post.js`) },
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
