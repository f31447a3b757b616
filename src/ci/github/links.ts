import type { CiPort, Environment } from '../port.ts';

/**
 * Returns links to the release in use. The runner names it in GITHUB_ACTION_REPOSITORY and
 * GITHUB_ACTION_REF, which are empty for `uses: ./` and can name a composite action that wraps this
 * one. Therefore the repository must have this action's name, and `program`, the path of the running
 * file, must be where the runner downloads that release to: `_actions/<owner>/<name>/<ref>`.
 */
export function releaseLinks(
  env: Environment,
  program: string | undefined,
): Pick<CiPort, 'documentationUrl' | 'issuesUrl'> {
  const repository = env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = env['GITHUB_ACTION_REF'] ?? '';
  const folder = `/_actions/${repository}/${ref}/`;
  if (!/^[^/]+\/machine-id-action$/i.test(repository) || ref === '') return unknown;
  if (!program?.replaceAll('\\', '/').includes(folder)) return unknown;
  const url = `${env['GITHUB_SERVER_URL'] || 'https://github.com'}/${repository}`;
  return {
    documentationUrl: (page, anchor) => `${url}/blob/${ref}/${page}#${anchor}`,
    issuesUrl: `${url}/issues`,
  };
}

const unknown = { documentationUrl: () => undefined, issuesUrl: undefined };
