import { InputError } from '../text/input-error.ts';
import { quoted } from '../text/quoted.ts';
import { isPrintable } from '../text/characters.ts';
import type { Request, Service } from './service.ts';
import { folderName } from './names.ts';

/** A database as the input `database` names it. */
export interface DatabaseName {
  readonly service: string;
  readonly database?: string;
  readonly username?: string;
}

/** Names, by commas or line breaks; each once. Throws a Mistake. */
export function parseNames(text: string): readonly string[] {
  const names = partsOf(text, /[,\n]/);
  const spaced = names.find((name) => /\s/.test(name));
  if (spaced !== undefined)
    throw new InputError(
      `${quoted(spaced, text)} has a space in it; names are separated by commas or lines`,
    );
  return [...new Set(names)];
}

/**
 * One database a line: `service`, `service/database` or `service/database/username`. Split at most
 * twice, because the names of users hold `/` and `,`. Throws a Mistake.
 */
export function parseDatabases(text: string): readonly DatabaseName[] {
  return [...new Set(partsOf(text, /\n/))].map((line) => {
    const [, service = '', database, username] =
      /^([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/.exec(line) ?? [];
    if (service === '' || database === '' || username === '')
      throw new InputError(
        `${quoted(line, text)} is not \`service\`, \`service/database\` or \`service/database/username\``,
      );
    // Names of users hold commas, and so one list after another could pass for a name.
    if (/,\s/.test(line) || /,/.test(service + (database ?? '')))
      throw new InputError(`${quoted(line, text)} has a comma in it; give one database a line`);
    return {
      service,
      ...(database === undefined ? {} : { database }),
      ...(username === undefined ? {} : { username }),
    };
  });
}

function partsOf(text: string, separator: RegExp): readonly string[] {
  const parts = text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InputError('names nothing');
  if (!parts.every(isPrintable)) throw new InputError('has a control character in it');
  return parts;
}

/** The inputs that ask for credentials. */
export interface Asked {
  readonly services: readonly Request[] | undefined;
  readonly kubernetesCluster: readonly string[] | undefined;
  readonly app: readonly string[] | undefined;
  readonly database: readonly DatabaseName[] | undefined;
  readonly leafCluster: string | undefined;
  readonly allowReissue: boolean;
}

/** How the Kubernetes clusters of the shorthand can be had from the tbot that there is. */
export interface KubernetesWay {
  /** One kubeconfig for all of them, or one for each. */
  readonly type: 'kubernetes/v2' | 'kubernetes';
  /** The kubeconfig needs no tbot where it is used. */
  readonly selfContained: boolean;
}

/**
 * All that is asked for: `services`, and what the shorthands add. An identity is among them when
 * nothing else is asked for, and when an input describes it.
 */
export function requestsFor(asked: Asked, endpoint: KubernetesWay): readonly Request[] {
  const { services, kubernetesCluster, app, database } = asked;
  return [
    ...identityOf(asked),
    ...(services ?? []),
    ...kubernetesOf(kubernetesCluster ?? [], endpoint),
    ...(app ?? []).map((name) => request('app', { type: 'application', app_name: name })),
    ...(database ?? []).map((name) => request('database', { type: 'database', ...name })),
  ];
}

function identityOf(asked: Asked): readonly Request[] {
  const { services, kubernetesCluster, app, database, leafCluster, allowReissue } = asked;
  const nothingElse = [services, kubernetesCluster, app, database].every(
    (input) => input === undefined,
  );
  if (!nothingElse && leafCluster === undefined && !allowReissue) return [];
  return [
    request(leafCluster === undefined ? 'allow-reissue' : 'leaf-cluster', {
      type: 'identity',
      ...(leafCluster === undefined ? {} : { cluster: leafCluster }),
      ...(allowReissue ? { allow_reissue: true } : {}),
    }),
  ];
}

/** The names do not depend on the way where there is one cluster. */
function kubernetesOf(clusters: readonly string[], endpoint: KubernetesWay): readonly Request[] {
  const plugin = endpoint.selfContained ? { disable_exec_plugin: true } : {};
  if (endpoint.type === 'kubernetes' || clusters.length === 0)
    return clusters.map((name) =>
      request('kubernetes-cluster', { type: 'kubernetes', kubernetes_cluster: name, ...plugin }),
    );
  const selectors = clusters.map((name) => ({ name }));
  const [only = '', ...others] = clusters;
  return [
    {
      ...request('kubernetes-cluster', { type: 'kubernetes/v2', selectors, ...plugin }),
      name: others.length > 0 ? 'kubernetes' : folderName('kubernetes', only),
    },
  ];
}

function request(input: string, service: Service): Request {
  return { service, input };
}
