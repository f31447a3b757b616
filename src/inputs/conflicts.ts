import { onboardingConflicts } from '../methods/onboarding.ts';
import { nameErrors } from '../services/names.ts';
import { descriptorOf, requestedLifetime } from '../services/index.ts';
import { originOf } from '../services/requests.ts';
import { newestKubernetes, requestsFor } from '../services/shorthands.ts';
import { formatDuration } from '../text/time.ts';
import { quoted } from '../text/display.ts';
import { downloadConflicts } from './download-conflicts.ts';
import { isPin } from './parsers.ts';
import type { GivenInputs, inputTable, ValidInputs } from './table.ts';

type Inputs = ValidInputs<typeof inputTable>;

/** Returns a sentence for each conflict between inputs that are valid on their own. */
export function conflicts(inputs: Inputs, given: GivenInputs): readonly string[] {
  const { minTtl = 0, certificateTtl = Infinity } = inputs;
  const errors: (string | false)[] = [
    ...endpointConflicts(inputs, given),
    minTtl > certificateTtl &&
      '`min-ttl`: is longer than `certificate-ttl`, so it can never be reached',
    ...onboardingConflicts(inputs, inputs.onboarding !== undefined || !given.has('onboarding')),
    ...serviceConflicts(inputs),
    ...downloadConflicts(inputs, given),
  ];
  return errors.filter((error) => error !== false);
}

function endpointConflicts(inputs: Inputs, given: GivenInputs): readonly (string | false)[] {
  if (!given.has('auth-server')) return [!given.has('proxy') && '`proxy`: is needed'];
  return [
    given.has('proxy') &&
      '`auth-server`: cannot be combined with `proxy`; remove `auth-server`, or remove `proxy` to join through the Auth Service directly',
    !given.has('ca-pins') &&
      '`ca-pins`: is needed with `auth-server`, to authenticate the Auth Service; `tctl status` shows the pin',
    ...(inputs.caPins ?? []).map(
      (pin) =>
        !isPin(pin) &&
        `\`ca-pins\`: ${quoted(pin, inputs.caPins?.join())} is not \`sha256:\` and 64 hexadecimal digits`,
    ),
    // Only a proxy reports the version of its cluster. A tbot from `tbot-path` or `version: installed`
    // has a fixed version, as an exact `version` does.
    inputs.version?.kind === 'auto' &&
      !given.has('tbot-path') &&
      '`version`: must be an exact one with `auth-server`, which does not say what the cluster wants',
  ];
}

/** Returns a sentence for each conflict between credentials, regardless of the version of tbot. */
function serviceConflicts(inputs: Inputs): readonly string[] {
  const rootOnly = (['kubernetes-cluster', 'app', 'database'] as const).filter(
    (name) => inputs[name === 'kubernetes-cluster' ? 'kubernetesCluster' : name] !== undefined,
  );
  const { allowReissue = false, ...others } = inputs;
  const requests = requestsFor({ ...others, allowReissue }, newestKubernetes);
  return [
    ...rootOnly
      .filter(() => inputs.leafCluster !== undefined)
      .map(
        (name) =>
          `\`${name}\`: is of the root cluster, and \`leaf-cluster\` of another; through a leaf cluster Teleport gives SSH alone. Use two steps, or write what each is for in \`services\``,
      ),
    ...lifetimeConflicts(inputs),
    ...nameErrors(requests).map(({ request, what }) => `${originOf(request)}: ${what}`),
  ];
}

/** Returns a sentence for each service whose own lifetime is shorter than `min-ttl`. */
function lifetimeConflicts({ minTtl = 0, services = [] }: Inputs): readonly string[] {
  return services.flatMap((request) => {
    const requested = requestedLifetime(request.service);
    if (requested === undefined || requested >= minTtl) return [];
    const { key } = descriptorOf(request.service.type).lifetime;
    return [
      `${originOf(request)}: \`${key}\` (${formatDuration(requested)}) is shorter than \`min-ttl\`, which can never be reached`,
    ];
  });
}
