import type { Endpoint } from '../cluster/endpoint.ts';
import { quoted } from '../text/quoted.ts';
import { isPin } from './parsers.ts';
import type { Given, InputsOf, inputTable, Read } from './table.ts';

type Table = typeof inputTable;

/** The inputs that say it. */
type EndpointInputs = Pick<InputsOf<Table>, 'proxy' | 'authServer' | 'caPins'>;

/** The way that the inputs say, once nothing is wrong with them. */
export function endpointOf({ proxy, authServer, caPins = [] }: EndpointInputs): Endpoint {
  if (authServer !== undefined)
    return {
      kind: 'auth-server',
      address: authServer,
      caPins: caPins.map((pin) => pin.toLowerCase()),
    };
  if (proxy === undefined) throw new Error('no way was given, and nobody noticed');
  return { kind: 'proxy', address: proxy };
}

/** What is wrong with the way, a sentence for each; also beside values that can't be read. */
export function endpointErrors(values: Read<Table>, given: Given): readonly string[] {
  if (!given.has('auth-server')) return given.has('proxy') ? [] : ['`proxy`: is needed'];
  const found: (string | false)[] = [
    given.has('proxy') &&
      '`auth-server`: is another way in than `proxy`; take `auth-server` out, or `proxy` if the job is to join the Auth Service directly',
    !given.has('ca-pins') &&
      '`ca-pins`: is needed with `auth-server`, to know the Auth Service by; `tctl status` shows the pin',
    ...(values.caPins ?? []).map(
      (pin) =>
        !isPin(pin) &&
        `\`ca-pins\`: ${quoted(pin, values.caPins?.join())} is not \`sha256:\` and 64 hexadecimal digits`,
    ),
    versionMistake(values, given),
  ];
  return found.filter((inputError) => inputError !== false);
}

/**
 * Only a proxy says which version its cluster wants. A tbot that is there already (`tbot-path`,
 * `version: installed`) has one version as well as an exact `version` does, so it serves, too.
 */
function versionMistake({ version }: Read<Table>, given: Given): string | false {
  return (
    version?.kind === 'auto' &&
    !given.has('tbot-path') &&
    '`version`: must be an exact one with `auth-server`, which does not say what the cluster wants'
  );
}

/** What was given and has no use, a sentence for each. */
export function ignoredInputs({ proxy, caPins }: EndpointInputs): readonly string[] {
  return proxy !== undefined && caPins !== undefined
    ? ['`ca-pins` is ignored: a join by a proxy takes none.']
    : [];
}
