import type { Caller } from './caller.ts';
import type { Resources } from './resources.ts';
import { publicAddressOf, routeOid } from './route.ts';

/** Returns the application with a host name, or undefined. */
export function applicationAt(
  host: string,
  resources: Resources,
  cluster: string,
): string | undefined {
  return Object.keys(resources.apps).find(
    (app) => publicAddressOf(app, resources, cluster) === host.replace(/:\d+$/, ''),
  );
}

/** Returns the application that the client's certificate names. Tunnels send other host names. */
export function applicationOf(caller: Caller, resources: Resources): string | undefined {
  const name = caller.attribute(routeOid.appName);
  return name in resources.apps ? name : undefined;
}

/** Returns the response of an application, or undefined without a certificate for it. */
export function answerApplication(app: string, caller: Caller): string | undefined {
  if (caller.attribute(routeOid.appName) !== app) return undefined;
  const [user = ''] = caller.certificate?.subject.match(/^CN=.*$/m) ?? [];
  return `${app} greets ${user.replace('CN=', '')}\n`;
}
