import { onboardingConflicts } from '../methods/onboarding.ts';
import { nameErrors } from '../services/names.ts';
import { descriptorOf, requestedLifetime } from '../services/index.ts';
import { newestKubernetes, requestsFor } from '../services/shorthands.ts';
import type { InvalidInput } from '../text/input-error.ts';
import { formatDuration } from '../text/time.ts';
import { downloadConflicts } from './download-conflicts.ts';
import { isPin, notADigest } from './parsers.ts';
import type { GivenInputs, inputTable, ValidInputs } from './table.ts';

type Inputs = ValidInputs<typeof inputTable>;

/** Returns the conflicts between inputs that are valid on their own. */
export function conflicts(inputs: Inputs, given: GivenInputs): readonly InvalidInput[] {
  const { minTtl = 0, certificateTtl = Infinity } = inputs;
  const errors: (InvalidInput | false)[] = [
    ...endpointConflicts(inputs, given),
    minTtl > certificateTtl && {
      input: 'min-ttl',
      message: `it is longer than \`certificate-ttl\` (${formatDuration(certificateTtl)})`,
    },
    ...onboardingConflicts(inputs, inputs.onboarding !== undefined || !given.has('onboarding')),
    ...serviceConflicts(inputs),
    ...downloadConflicts(inputs, given),
  ];
  return errors.filter((error) => error !== false);
}

function endpointConflicts(inputs: Inputs, given: GivenInputs): readonly (InvalidInput | false)[] {
  if (!given.has('auth-server'))
    return [
      !given.has('proxy') && {
        input: 'proxy',
        state: 'required',
        message: 'set it to the address of the Teleport Proxy',
      },
    ];
  return [
    given.has('proxy') && {
      input: 'auth-server',
      message:
        'it cannot be combined with `proxy`. Remove `auth-server`, or remove `proxy` to join through the Auth Service directly',
    },
    !given.has('ca-pins') && {
      input: 'ca-pins',
      state: 'required with `auth-server`',
      message: 'set it to the CA pins that `tctl status` shows',
    },
    ...(inputs.caPins ?? []).map(
      (pin, index) =>
        !isPin(pin) && {
          input: 'ca-pins',
          message: notADigest(pin, index + 1, inputs.caPins?.join()),
        },
    ),
    // Only a proxy reports the version of its cluster. A tbot from `tbot-path` or `version: installed`
    // has a fixed version, as an exact `version` does.
    inputs.version?.kind === 'auto' &&
      !given.has('tbot-path') && {
        input: 'version',
        message:
          '`auto` requires `proxy`, because an Auth Service does not report its version. Set an exact version',
      },
  ];
}

/** Returns the conflicts between credentials, regardless of the version of tbot. */
function serviceConflicts(inputs: Inputs): readonly InvalidInput[] {
  const rootOnly = (['kubernetes-cluster', 'app', 'database'] as const).filter(
    (name) => inputs[name === 'kubernetes-cluster' ? 'kubernetesCluster' : name] !== undefined,
  );
  const { allowReissue = false, ...others } = inputs;
  const requests = requestsFor({ ...others, allowReissue }, newestKubernetes);
  return [
    ...rootOnly
      .filter(() => inputs.leafCluster !== undefined)
      .map((input) => ({
        input,
        message:
          'it cannot be combined with `leaf-cluster`, which is for SSH only. Use two steps, or list all credentials in `services`',
      })),
    ...lifetimeConflicts(inputs),
    ...nameErrors(requests).map(({ request: { input, at }, message }) => ({ input, at, message })),
  ];
}

/** Returns an error for each service whose own lifetime is shorter than `min-ttl`. */
function lifetimeConflicts({ minTtl = 0, services = [] }: Inputs): readonly InvalidInput[] {
  return services.flatMap(({ service, input, at }) => {
    const requested = requestedLifetime(service);
    if (requested === undefined || requested >= minTtl) return [];
    const { key } = descriptorOf(service.type).lifetime;
    const message = `\`${key}\` (${formatDuration(requested)}) is shorter than \`min-ttl\` (${formatDuration(minTtl)})`;
    return [{ input, at, message }];
  });
}
