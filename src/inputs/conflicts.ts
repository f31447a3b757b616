import { onboardingKeys } from '../methods/onboarding.ts';
import { nameErrors } from '../services/names.ts';
import { descriptorOf, requestedLifetime } from '../services/index.ts';
import { originOf } from '../services/requests.ts';
import { newestKubernetes, requestsFor } from '../services/shorthands.ts';
import { downloadConflicts } from './download-conflicts.ts';
import type { Given, inputTable, Read } from './table.ts';
import { endpointErrors } from './endpoint-inputs.ts';
import { formatDuration } from '../text/duration.ts';

/** Those that can't be read have left a mistake already, and contradict nothing. */
type Inputs = Read<typeof inputTable>;

/** Inputs that are each right and can't be meant together, a sentence for each. */
export function conflicts(inputs: Inputs, given: Given): readonly string[] {
  const { joinMethod = 'auto', minTtl = 0, certificateTtl = Infinity } = inputs;
  const found: (string | false)[] = [
    ...endpointErrors(inputs, given),
    inputs.azureClientId !== undefined &&
      joinMethod !== 'auto' &&
      joinMethod !== 'azure' &&
      `\`azure-client-id\`: has no meaning with \`join-method: ${joinMethod}\``,
    minTtl > certificateTtl &&
      '`min-ttl`: is longer than `certificate-ttl`, so it can never be reached',
    ...onboardingConflicts(inputs, given),
    ...serviceConflicts(inputs),
    ...downloadConflicts(inputs, given),
  ];
  return found.filter((inputError) => inputError !== false);
}

/** Parameters of another join method than the one that is used. */
function onboardingConflicts(
  { joinMethod, onboarding: read }: Inputs,
  given: Given,
): readonly string[] {
  if (read === undefined && given.has('onboarding')) return [];
  const onboarding = read ?? {};
  const { generic_oidc: oidc, bound_keypair: keypair } = onboarding;
  const found: (string | false)[] = [
    ...Object.entries(onboardingKeys).map(
      ([key, method]) =>
        key in onboarding &&
        joinMethod !== undefined &&
        method !== joinMethod &&
        `\`onboarding\`: \`${key}\` belongs to \`join-method: ${method}\``,
    ),
    joinMethod === 'generic_oidc' &&
      (oidc?.env === undefined) === (oidc?.command === undefined) &&
      '`onboarding`: `join-method: generic_oidc` needs `generic_oidc` with `env` or `command`, not both',
    oidc?.command?.length === 0 && '`onboarding`: `command` needs at least the program to run',
    keypair?.registration_secret !== undefined &&
      keypair.registration_secret_path !== undefined &&
      '`onboarding`: `registration_secret` and `registration_secret_path` exclude each other',
    ...[oidc?.env, onboarding.gitlab?.token_env_var_name].map(
      (name) =>
        name !== undefined &&
        !isOrdinaryVariable(name) &&
        '`onboarding`: what names a variable must be letters, digits and `_`, and none that steers tbot itself',
    ),
  ];
  return found.filter((inputError) => inputError !== false);
}

/** Variables that would override the config, or be taken by Go or the loader. */
function isOrdinaryVariable(name: string): boolean {
  return (
    /^[A-Za-z_]\w*$/.test(name) &&
    !/^(?:TELEPORT_|_?TBOT_(?!GITLAB_JWT$)|SSL_CERT_|GO|LD_|DYLD_|PATH$)/i.test(name)
  );
}

/** Services whose own lifetime is below what the step must have. */
function shortLived({ minTtl = 0, services = [] }: Inputs): readonly string[] {
  return services.flatMap((request) => {
    const asked = requestedLifetime(request.service);
    if (asked === undefined || asked >= minTtl) return [];
    const { key } = descriptorOf(request.service.type).lifetime;
    return [
      `${originOf(request)}: \`${key}\` (${formatDuration(asked)}) is shorter than \`min-ttl\`, which can never be reached`,
    ];
  });
}

/** Credentials of one step that are at odds with each other, whatever tbot there will be. */
function serviceConflicts(inputs: Inputs): readonly string[] {
  const rooted = (['kubernetes-cluster', 'app', 'database'] as const).filter(
    (name) => inputs[name === 'kubernetes-cluster' ? 'kubernetesCluster' : name] !== undefined,
  );
  const { allowReissue = false, ...others } = inputs;
  const asked = { ...others, allowReissue };
  return [
    ...rooted
      .filter(() => inputs.leafCluster !== undefined)
      .map(
        (name) =>
          `\`${name}\`: is of the root cluster, and \`leaf-cluster\` of another; through a leaf cluster Teleport gives SSH alone. Use two steps, or write what each is for in \`services\``,
      ),
    ...shortLived(inputs),
    ...nameErrors(requestsFor(asked, newestKubernetes)).map(
      ({ request, what }) => `${originOf(request)}: ${what}`,
    ),
  ];
}
