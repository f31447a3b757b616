import { InputErrors } from '../text/input-error.ts';
import { collectErrors } from '../yaml/tree.ts';
import { parseYaml, type Yaml } from '../yaml/parse.ts';
import type { Field, Fields, ValuesOf } from '../yaml/fields.ts';
import { readMapping } from '../yaml/schema.ts';

const text = { kind: 'text' } as const;
const secretText = { kind: 'text', secret: true } as const;

/** Keys of tbot's `onboarding` that have no input of their own (lib/tbot/bot/onboarding/config.go). */
export const onboardingFields = {
  terraform: { kind: 'map', fields: { audience_tag: text } },
  gitlab: { kind: 'map', fields: { token_env_var_name: text } },
  bound_keypair: {
    kind: 'map',
    fields: {
      registration_secret: secretText,
      registration_secret_path: text,
      static_private_key_path: text,
    },
  },
  kubernetes: { kind: 'map', fields: { token_path: text } },
  generic_oidc: {
    kind: 'map',
    fields: { env: text, command: { kind: 'texts' }, timeout: { kind: 'duration' } },
  },
} as const satisfies Fields;

/** Parameters of join methods; durations in seconds. */
export type Onboarding = ValuesOf<typeof onboardingFields>;

const refused: Readonly<Record<string, string>> = {
  token: '`token` is an input of its own',
  join_method: '`join_method` is the input `join-method`',
  azure: '`azure` is the input `azure-client-id`',
  ca_pins: '`ca_pins` is the input `ca-pins`',
  ca_path:
    '`ca_path` is for joins that do not go through a proxy; `extra-ca-file` is trusted for it',
};

/**
 * Reads the input `onboarding`. Secrets may stand in it, so no mistake shows a value, but that of a duration. Throws
 * Mistakes with line and column.
 */
export function readOnboarding(given: string, yaml: Yaml): Onboarding {
  const collector = collectErrors();
  const { addError } = collector;
  const map = parseYaml(given, yaml, addError, { discreet: true });
  if (map?.kind === 'list' || map?.kind === 'scalar') addError(map.at, 'must be a mapping');
  const values =
    map?.kind === 'map'
      ? readMapping(map, onboardingFields, { what: '`onboarding`', refused, addError })
      : {};
  const found = collector.inOrder();
  if (found.length > 0) throw new InputErrors(found);
  return values;
}

/** The keys of values that nobody may see. */
export const secretKeys: ReadonlySet<string> = new Set(
  Object.values(onboardingFields).flatMap(({ fields }) =>
    Object.entries<Field>(fields).flatMap(([key, { secret }]) => (secret ? [key] : [])),
  ),
);

/** The values that nobody may see. */
export function secretsOf(onboarding: Onboarding): readonly string[] {
  return Object.values(onboarding).flatMap((section) =>
    Object.entries<unknown>(section).flatMap(([key, value]) =>
      secretKeys.has(key) && typeof value === 'string' ? [value] : [],
    ),
  );
}

/** The part of `onboarding` that belongs to a join method. */
export const onboardingKeys = {
  terraform: 'terraform_cloud',
  gitlab: 'gitlab',
  bound_keypair: 'bound_keypair',
  kubernetes: 'kubernetes',
  generic_oidc: 'generic_oidc',
} as const satisfies Record<keyof typeof onboardingFields, string>;
