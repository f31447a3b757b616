import type { FileCommands } from './file-commands.ts';
import type { Job, PendingPost, Variables } from './plan.ts';

/** Returns the environment of an action: variables of job and step, inputs and state. */
export function actionEnvironment(
  job: Job,
  step: PendingPost['step'],
  files: FileCommands,
  state: Variables,
): Variables {
  const inputs = renamed(
    delivered(step),
    (name) => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
  );
  const states = renamed(state, (name) => `STATE_${name}`);
  return environment(job, files, { ...step.env, ...inputs, ...states });
}

/** Returns the environment of a step, which cannot change GitHub's variables or the OIDC token endpoint. */
export function environment(job: Job, files: FileCommands, step: Variables): Variables {
  const all = {
    ...job.machine,
    ...job.given,
    ...Object.fromEntries(job.environment),
    ...step,
    ...job.context,
    ...files,
    ...Object.fromEntries(
      Object.entries(job.given).filter(([name]) => name.startsWith('ACTIONS_')),
    ),
  };
  const path = all['PATH'] ?? job.machine.PATH;
  return { ...all, PATH: [...job.path.toReversed(), path].join(':') };
}

/** Returns the inputs, with the declared defaults. */
export function delivered(step: PendingPost['step']): Variables {
  const defaults = Object.entries(step.declared ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(defaults), ...step.inputs };
}

function renamed(variables: Variables, rename: (name: string) => string): Variables {
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [rename(key), value]));
}
