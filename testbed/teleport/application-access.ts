import type { Caller } from './caller.ts';
import type { Resources } from './resources.ts';
import { publicAddressOf, routeOid } from './route.ts';

/** The application that lives at a host name; undefined when none does. */
export function applicationAt(
  host: string,
  resources: Resources,
  cluster: string,
): string | undefined {
  return Object.keys(resources.apps).find(
    (app) => publicAddressOf(app, resources, cluster) === host.replace(/:\d+$/, ''),
  );
}

/** The application that a client's certificate names: tunnels ask for other hosts. Undefined for none. */
export function applicationOf(caller: Caller, resources: Resources): string | undefined {
  const name = caller.attribute(routeOid.appName);
  return name in resources.apps ? name : undefined;
}

/** What the application says to who holds a certificate for it; undefined sends others to log in. */
export function answerApplication(app: string, caller: Caller): string | undefined {
  if (caller.attribute(routeOid.appName) !== app) return undefined;
  const [user = ''] = caller.certificate?.subject.match(/^CN=.*$/m) ?? [];
  return `${app} greets ${user.replace('CN=', '')}\n`;
}
