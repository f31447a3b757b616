// Puts the extension together in a folder: `node azure-pipelines/assemble.ts FOLDER`.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = import.meta.dirname;

/** Writes the extension and the bundle that its task runs. Throws an Error if the folder is not empty. */
export function assemble(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty`);
  const task = join(folder, 'machine-id');
  mkdirSync(task, { recursive: true });
  for (const name of ['vss-extension.json', 'overview.md', 'machine-id'])
    cpSync(join(source, name), join(folder, name), { recursive: true });
  cpSync(join(source, '../LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(source, '../dist'), join(task, 'dist'), { recursive: true });
  // The scripts and the bundle are ECMAScript modules.
  writeFileSync(join(task, 'package.json'), '{ "type": "module" }\n');
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Usage: node azure-pipelines/assemble.ts FOLDER');
  assemble(folder);
}
