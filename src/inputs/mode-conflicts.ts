import { descriptorOf, lifetimeSettings } from '../services/index.ts';
import { listenAddressOf } from '../services/listen.ts';
import { originOf, type Request } from '../services/requests.ts';
import type { InvalidInput } from '../text/input-error.ts';
import { formatDuration } from '../text/time.ts';
import type { GivenInputs, inputTable, ValidInputs } from './table.ts';

type Inputs = ValidInputs<typeof inputTable>;

/** Returns the conflicts between the mode and other inputs. `requests` has all requested services. */
export function modeConflicts(
  inputs: Inputs,
  given: GivenInputs,
  requests: readonly Request[],
): readonly (InvalidInput | false)[] {
  if (inputs.mode === undefined) return [];
  return inputs.mode === 'oneshot'
    ? oneshotConflicts(given, requests)
    : [...backgroundConflicts(inputs, requests), ...addressConflicts(requests)];
}

function oneshotConflicts(
  given: GivenInputs,
  requests: readonly Request[],
): readonly (InvalidInput | false)[] {
  const serving = requests.filter(({ service }) => descriptorOf(service.type).serves !== undefined);
  return [
    given.has('renewal-interval') && {
      input: 'renewal-interval',
      message: 'it requires `mode: background`, because oneshot mode renews nothing',
    },
    // An input with several names is reported once.
    ...[...new Map(serving.map((one) => [originOf(one), one])).values()].map(
      ({ service: { type }, input, at }) => ({
        input,
        at,
        message: `${at === undefined ? 'it' : `\`${type}\``} works only while tbot runs, but in oneshot mode tbot exits when it has issued the credentials. Set \`mode: background\``,
      }),
    ),
  ];
}

function backgroundConflicts(
  { renewalInterval = 0, certificateTtl = Infinity }: Inputs,
  requests: readonly Request[],
): readonly (InvalidInput | false)[] {
  return [
    requests.length === 0 && {
      input: 'services',
      message: '`[]` cannot be combined with `mode: background`, because there is nothing to renew',
    },
    renewalInterval > certificateTtl && {
      input: 'renewal-interval',
      message: `it is longer than \`certificate-ttl\` (${formatDuration(certificateTtl)}), so credentials would expire before they are renewed`,
    },
    ...requests.map((request) => renewalConflict(request, certificateTtl)),
  ];
}

/** tbot rejects a service whose certificates expire before they are renewed. */
function renewalConflict(
  { service, input, at }: Request,
  certificateTtl: number,
): InvalidInput | false {
  const { renewal_interval: interval, credential_ttl: ttl = certificateTtl } =
    lifetimeSettings(service);
  if (typeof interval !== 'number' || typeof ttl !== 'number' || interval <= ttl) return false;
  const message = `\`renewal_interval\` (${formatDuration(interval)}) is longer than the certificate lifetime (${formatDuration(ttl)})`;
  return { input, at, message };
}

/** Two services cannot listen on the same port. */
function addressConflicts(requests: readonly Request[]): readonly InvalidInput[] {
  const first = new Map<number, Request>();
  return requests.flatMap((request) => {
    const { service, input, at } = request;
    const address = listenAddressOf(descriptorOf(service.type), { ...service });
    if (address?.kind !== 'tcp' || address.port === 0) return [];
    const before = first.get(address.port);
    first.set(address.port, before ?? request);
    if (before === undefined) return [];
    return [{ input, at, message: `port ${address.port} is already used by ${originOf(before)}` }];
  });
}
