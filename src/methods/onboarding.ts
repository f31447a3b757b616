import { InputErrors, type InvalidInput } from '../text/input-error.ts';
import { isRecord } from '../text/json.ts';
import type { Fields, Values } from '../yaml/fields.ts';
import { parseYaml, type Yaml } from '../yaml/parse.ts';
import { readMapping } from '../yaml/schema.ts';
import { collectErrors } from '../yaml/tree.ts';
import { type JoinMethod, joinMethods, methodOf } from './index.ts';
import type { MethodParameters } from './method.ts';

/** Parameters of join methods by their key in tbot's `onboarding`; durations in seconds. */
export type Onboarding = Readonly<Record<string, Values | undefined>>;

interface Section extends MethodParameters {
  readonly method: JoinMethod;
}

const sections: readonly Section[] = joinMethods.flatMap((method) => {
  const { parameters } = methodOf(method);
  return parameters === undefined ? [] : [{ method, ...parameters }];
});

/** Keys of the input `onboarding` (lib/tbot/bot/onboarding/config.go). */
export const onboardingFields: Readonly<Record<string, { kind: 'map'; fields: Fields }>> =
  Object.fromEntries(
    sections
      .filter(({ input }) => input === undefined)
      .map(({ key, fields }) => [key, { kind: 'map', fields }]),
  );

const refused: Readonly<Record<string, string>> = {
  onboarding: 'paste only the mapping under `onboarding:`',
  token: 'set the input `token` instead',
  join_method: 'set the input `join-method` instead',
  ca_pins: 'set the input `ca-pins` instead',
  ca_path: 'set the input `extra-ca-file` instead',
  ...Object.fromEntries(
    sections.flatMap(({ key, input }) =>
      input === undefined ? [] : [[key, `set the input \`${input}\` instead`]],
    ),
  ),
};

/**
 * Reads the input `onboarding`. It can contain secrets, so no error shows a value, except that of a
 * duration. Throws InputErrors with the positions of all errors.
 */
export function readOnboarding(given: string, yaml: Yaml): Onboarding {
  const collector = collectErrors();
  const { addError } = collector;
  const map = parseYaml(given, yaml, addError);
  if (map?.kind === 'list' || map?.kind === 'scalar')
    addError(map.at, 'the value must be a mapping, such as `gitlab: {...}`');
  const values =
    map?.kind === 'map'
      ? readMapping(map, onboardingFields, { what: '`onboarding`', refused, addError })
      : {};
  const errors = collector.inOrder();
  if (errors.length > 0) throw new InputErrors(errors);
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (isRecord(value) ? [[key, value]] : [])),
  );
}

/** The inputs that select the join method; undefined if absent or invalid. */
export interface MethodInputs {
  readonly joinMethod: 'auto' | JoinMethod | undefined;
  readonly azureClientId: string | undefined;
  readonly onboarding?: Onboarding | undefined;
}

/** Returns the parameters of all join methods, including those that have their own input. */
export function onboardingOf({
  onboarding = {},
  azureClientId,
}: Omit<MethodInputs, 'joinMethod'>): Onboarding {
  return azureClientId === undefined
    ? onboarding
    : { ...onboarding, azure: { client_id: azureClientId } };
}

/**
 * Returns errors for parameters of other join methods, and for contradictory ones. `readable`: the
 * input `onboarding` is absent or valid.
 */
export function onboardingConflicts(
  inputs: MethodInputs,
  readable: boolean,
): readonly InvalidInput[] {
  const { joinMethod } = inputs;
  const onboarding = onboardingOf(inputs);
  return sections
    .filter(({ input }) => readable || input !== undefined)
    .flatMap(({ key, method, input, conflicts }): readonly (InvalidInput | false)[] => [
      key in onboarding &&
        joinMethod !== undefined &&
        method !== joinMethod &&
        foreignParameter(key, { method, input, joinMethod }),
      ...(conflicts?.(onboarding[key] ?? {}, method === joinMethod) ?? []).map(
        (message) => message !== false && { input: input ?? 'onboarding', message },
      ),
    ])
    .filter((error) => error !== false);
}

function foreignParameter(
  key: string,
  { method, input, joinMethod }: { method: string; input: string | undefined; joinMethod: string },
): InvalidInput | false {
  if (input === undefined)
    return { input: 'onboarding', message: `\`${key}\` requires \`join-method: ${method}\`` };
  return (
    joinMethod !== 'auto' && {
      input,
      message: `it has no effect with \`join-method: ${joinMethod}\``,
    }
  );
}

/** The keys of secret values. */
export const secretKeys: ReadonlySet<string> = new Set(
  sections.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([key, { secret }]) => (secret ? [key] : [])),
  ),
);

/** Returns the secret values. */
export function secretsOf(onboarding: Onboarding): readonly string[] {
  return Object.values(onboarding).flatMap((section) =>
    Object.entries(section ?? {}).flatMap(([key, value]) =>
      secretKeys.has(key) && typeof value === 'string' ? [value] : [],
    ),
  );
}
