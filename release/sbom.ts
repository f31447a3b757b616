import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
}

interface Sbom {
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Returns the packages of which dist contains code, as `name@version`. */
function bundledPackages(): readonly string[] {
  const licenses = readFileSync(join(root, 'dist/licenses.txt'), 'utf8');
  return [...licenses.matchAll(/^(\S+) (\S+)\n-{60}$/gm)].map(
    ([, name, version]) => `${name}@${version}`,
  );
}

/** Returns npm's SBOM of all packages in package-lock.json, in CycloneDX format. */
function sbomOfAll(): Sbom {
  // Without --omit, which leaves out yaml, because development packages depend on it too.
  const options = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
  // npm writes warnings about the user's configuration to stderr.
  return JSON.parse(
    execFileSync('npm', ['sbom', ...options], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
}

/**
 * Returns the SBOM of dist: npm's, limited to the packages that were bundled. It contains neither a
 * time nor a random number, so equal inputs result in equal bytes. Throws if a package is missing.
 */
function sbomOfDist(): unknown {
  const { serialNumber: _serial, metadata, components, dependencies, ...rest } = sbomOfAll();
  const { timestamp: _time, component, ...others } = metadata;
  const refs = bundledPackages();
  const missing = refs.filter((ref) => !components.some((one) => one['bom-ref'] === ref));
  if (missing.length > 0)
    throw new Error(`package-lock.json does not contain ${missing.join(', ')}; run npm run build`);
  const kept = new Set([component['bom-ref'], ...refs]);
  return {
    ...rest,
    // npm uses the name of the directory.
    metadata: { ...others, component: { ...component, name: 'machine-id-action' } },
    components: components.filter((one) => refs.includes(one['bom-ref'])),
    dependencies: dependencies
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn }) => ({
        ref,
        dependsOn: dependsOn.filter((dependency) => kept.has(dependency)),
      })),
  };
}

process.stdout.write(`${JSON.stringify(sbomOfDist(), undefined, 2)}\n`);
