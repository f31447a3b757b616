import { Problem } from '../problem.ts';
import { descriptorOf, type Service } from './index.ts';
import { listenAddressOf } from './listen.ts';
import type { PlannedService } from './requests.ts';

/** Bytes of the longest path of a Unix socket on macOS, without the final NUL; Linux allows 107. */
const longestPath = 103;

/** Whether a service needs a port that the action chooses. */
export function needsPort(service: Service): boolean {
  const address = listenAddressOf(descriptorOf(service.type), { ...service });
  return address?.kind === 'tcp' && address.port === 0;
}

/**
 * Returns the services with the addresses that they listen on. `ports` are for those without a port; a
 * missing one is 0. Throws a Problem `platform` if the path of a Unix socket is too long.
 */
export function withAddresses(
  services: readonly PlannedService[],
  { workdir, ports }: { readonly workdir: string; readonly ports: readonly number[] },
): readonly PlannedService[] {
  const unused = [...ports];
  return services.map((planned) => {
    const { name, service, dir } = planned;
    const descriptor = descriptorOf(service.type);
    for (const socket of Object.values(descriptor.files(service).sockets ?? {}))
      checkPath(name, `${dir}/${socket}`);
    const address = listenAddressOf(descriptor, { ...service });
    if (address === undefined) return planned;
    if (address.kind === 'unix')
      return { ...planned, listen: socketUri(checkPath(name, `${workdir}/${name}.sock`)) };
    const port = address.port === 0 ? (unused.shift() ?? 0) : address.port;
    return { ...planned, listen: `tcp://${address.host}:${port}` };
  });
}

/** Escapes the characters of a path that end it in a URL, which tbot parses (lib/tbot/internal/listener.go). */
function socketUri(path: string): string {
  return `unix://${path.replaceAll(/[%?#]/g, encodeURIComponent)}`;
}

function checkPath(name: string, path: string): string {
  const length = new TextEncoder().encode(path).length;
  if (length <= longestPath) return path;
  throw new Problem({
    code: 'platform',
    what: `The Unix socket of credential \`${name}\` would have a path of ${length} bytes, but the operating system allows ${longestPath}: ${path}`,
    fix: 'Set a shorter `name` in `services`, or use a shorter work directory for the runner.',
  });
}
