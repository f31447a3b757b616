import { nearest } from '../text/nearest.ts';
import { azure } from './azure/azure.ts';
import { buildkite } from './buildkite/buildkite.ts';
import { circleci } from './circleci/circleci.ts';
import { gitlab } from './gitlab/gitlab.ts';
import type { Environment } from './port.ts';
import { shell } from './shell/shell.ts';
import type { TextSystem } from './shell/text-system.ts';

/** The systems that the command line supports. The plain shell is last, because every job runs in one. */
const systems: readonly TextSystem[] = [azure, buildkite, circleci, gitlab, shell];

export const systemNames: readonly string[] = systems.map(({ name }) => name);

/** The environment of this process. */
export function environment(): Environment {
  return process.env;
}

/** Returns the system with a name, or the one that runs this job. */
export function systemFor(env: Environment, name = ''): TextSystem | undefined {
  if (name !== '') return systems.find((system) => system.name === name);
  return systems.find((system) => system.detect(env));
}

/** Returns the system that a misspelled name probably stands for. */
export function similarSystem(name: string): string | undefined {
  return nearest(name, systemNames);
}
