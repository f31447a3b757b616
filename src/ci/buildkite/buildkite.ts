import { tmpdir } from 'node:os';
import type { Inputs, TextSystem } from '../shell/text-system.ts';
import { shellWords } from '../shell/words.ts';
import { annotateBuild, maskInLog } from './agent.ts';

/** Buildkite, in a hook of the plugin in `buildkite` or in a command. */
export const buildkite: TextSystem = {
  name: 'buildkite',
  detect: (env) => env['BUILDKITE'] === 'true',
  job: (env) => ({
    // A retry is a job with another id.
    key: `buildkite ${env['BUILDKITE_JOB_ID'] ?? ''}`,
    repository: undefined,
    ref: undefined,
    eventName: undefined,
    fromFork: false,
    publicRepository: true,
    enterpriseServer: undefined,
  }),
  directories: (env) => ({
    // Agents on one machine share it.
    temp: env['TMPDIR'] || tmpdir(),
    tempIsShared: true,
    workspace: env['BUILDKITE_BUILD_CHECKOUT_PATH'] || process.cwd(),
    toolCache: undefined,
  }),
  autoJoin: {
    methods: ['generic_oidc'],
    obtain: {
      what: 'The variable that `onboarding` names contains no OIDC token, so this job cannot join.',
      fix: 'Remove `onboarding`: without it, `buildkite-agent oidc request-token` requests the OIDC token.',
    },
  },
  defaults,
  debugging: (env) => env['BUILDKITE_AGENT_DEBUG'] === 'true',
  // The log starts a group at such a line, or opens the previous one.
  inert: (text) => text.replaceAll(/^(?=\+\+\+|---|~~~|\^\^\^)/gm, ' '),
  mask: maskInLog,
  summary: annotateBuild,
  words: [
    [/\bInput `([a-z-]+)`/g, 'Option `$1`'],
    [
      'Correct the `with:` block of the step.',
      'Correct the options of the plugin, or those of the command.',
    ],
    [
      'Correct the value in the `with:` block of the step.',
      'Correct the option of the plugin, or that of the command.',
    ],
    [
      'Correct the name in the `with:` block of the step.',
      'Correct the name of the option of the plugin, or that of the command.',
    ],
    [
      'Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.',
      'Add the option to the plugin or the command. An empty value counts as not set.',
    ],
    ...shellWords,
  ],
};

/**
 * Returns the settings with which tbot requests the OIDC token from the agent. As Teleport recommends, the
 * audience identifies the cluster and the join token (documentation, "Generic OIDC").
 */
function defaults(given: Inputs): Inputs {
  const method = (given['join-method'] ?? '').trim().toLowerCase();
  if ((method !== '' && method !== 'auto') || given['azure-client-id']) return {};
  if (given['onboarding']) return { 'join-method': 'generic_oidc' };
  const [, host] = hostIn.exec(given['proxy'] || given['auth-server'] || '') ?? [];
  if (host === undefined) return {};
  const audience = `${host}/${(given['token'] ?? '').trim()}`;
  const command = ['buildkite-agent', 'oidc', 'request-token', '--audience', audience];
  return {
    'join-method': 'generic_oidc',
    onboarding: JSON.stringify({ generic_oidc: { command } }),
  };
}

/** Captures the host of `host`, `host:port` or `https://host:port`. */
const hostIn = /^\s*(?:https?:\/\/)?(\[[^\]\s]+\]|[^:/\s[\]]+)/;
