import { format } from 'prettier';
import { parse } from 'yaml';
import { inCamelCase } from '../../src/ci/azure/words.ts';
import { inputTable } from '../../src/inputs/table.ts';

type Entries = Readonly<Record<string, { readonly description: string }>>;

/** Descriptions that differ from those of action.yml. */
const descriptions: Readonly<Record<string, string>> = {
  'join-method':
    'Join method: `azure_devops` (the OIDC token of the job; the step maps `SYSTEM_ACCESSTOKEN`), or any other join method of tbot. `auto` selects `azure` if `azure-client-id` is set, and `azure_devops` otherwise. Default: `auto`.',
};

/** Inputs that can have several lines. */
const multiLine = new Set([
  'onboarding',
  'services',
  'kubernetes-cluster',
  'app',
  'database',
  'application-tunnel',
  'database-tunnel',
  'checksum',
  'tools',
  'ca-pins',
  'signature-key',
]);

/**
 * Returns `task.json` of the Azure Pipelines task with the inputs, the outputs and the version of the
 * action. No input has a `defaultValue`, because the agent would pass it as a value of the user.
 */
export async function azureTask(task: string, action: string, version: string): Promise<string> {
  const manifest: { readonly inputs: Entries; readonly outputs: Entries } = parse(action);
  const [Major, Minor, Patch] = version.split('.').map(Number);
  const names = [...Object.keys(manifest.inputs), ...Object.keys(manifest.outputs)];
  const described = (name: string, entries: Entries): string =>
    inTaskWords(descriptions[name] ?? entries[name]?.description ?? '', names);
  const generated = {
    ...JSON.parse(task),
    version: { Major, Minor, Patch },
    inputs: Object.values(inputTable).map(({ name, required }) => ({
      name: inCamelCase(name),
      type: multiLine.has(name) ? 'multiLine' : 'string',
      label: labelOf(name),
      required,
      helpMarkDown: described(name, manifest.inputs),
    })),
    OutputVariables: Object.keys(manifest.outputs).map((name) => ({
      name: inCamelCase(name),
      description: described(name, manifest.outputs),
    })),
  };
  return json(generated);
}

/** Returns `vss-extension.json` with the version of the action. */
export async function azureExtension(manifest: string, version: string): Promise<string> {
  return json({ ...JSON.parse(manifest), version });
}

async function json(value: unknown): Promise<string> {
  return format(JSON.stringify(value), { parser: 'json', printWidth: 100 });
}

/** Aliases exist only for workflows that move from other actions. */
function inTaskWords(text: string, names: readonly string[]): string {
  return names
    .filter((name) => name.includes('-'))
    .reduce(
      (rest, name) =>
        rest.replaceAll(new RegExp(`\`${name}(?=[\`:])`, 'g'), `\`${inCamelCase(name)}`),
      text.trim().replaceAll(/ `[\w-]+` is an alias[^.]*\./g, ''),
    );
}

const spellings: Readonly<Record<string, string>> = {
  ca: 'CA',
  id: 'ID',
  ttl: 'TTL',
  env: 'variables',
};

function labelOf(name: string): string {
  const words = name.split('-').map((word) => spellings[word] ?? word);
  const label = words.join(' ');
  return label.startsWith('tbot') ? label : `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
}
