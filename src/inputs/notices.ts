import { descriptorOf, requestedLifetime } from '../services/index.ts';
import { originOf } from '../services/requests.ts';
import { formatDuration } from '../text/time.ts';
import type { InputsOf, inputTable } from './table.ts';

type Inputs = InputsOf<typeof inputTable>;

/** Returns a sentence for each input that is valid, but probably not what the user intends. */
export function noticesOf(inputs: Inputs): readonly string[] {
  const { proxy, caPins } = inputs;
  return [
    ...(proxy !== undefined && caPins !== undefined
      ? ['`ca-pins` is ignored, because it applies only to `auth-server`.']
      : []),
    ...shortLifetimes(inputs),
  ];
}

/** Seconds. Starting the next step can take as long. */
const shortLifetime = 60;

function shortLifetimes({ certificateTtl, services = [] }: Inputs): readonly string[] {
  const lifetimes = services.map((request) => ({
    name: `\`${descriptorOf(request.service.type).lifetime.key}\` of ${originOf(request)}`,
    seconds: requestedLifetime(request.service) ?? Infinity,
  }));
  return [{ name: '`certificate-ttl`', seconds: certificateTtl }, ...lifetimes].flatMap(
    ({ name, seconds }) =>
      seconds < shortLifetime
        ? [
            `${name} is ${formatDuration(seconds)}: the credentials will probably expire before the next step.`,
          ]
        : [],
  );
}
