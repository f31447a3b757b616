import type { Bot, JoinToken } from '../../testbed/teleport/resources.ts';
import { fencesOf, valuesOf } from '../structure/fences.ts';

/** A resource of Teleport, with the keys that the documents use. */
interface Resource {
  readonly kind: string;
  readonly version: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly allow?: { readonly logins: readonly string[] };
    readonly roles?: readonly string[];
    readonly bot_name?: string;
    readonly join_method?: JoinToken['joinMethod'];
    readonly github?: { readonly allow: readonly object[] };
    readonly azure?: { readonly allow: readonly { readonly subscription: string }[] };
  };
}

/** The resources in the fences of documents, in the form of the testbed. */
export interface Resources {
  /** Kind and version of each resource, in order. */
  readonly kinds: readonly string[];
  readonly bots: Readonly<Record<string, Bot>>;
  readonly tokens: Readonly<Record<string, JoinToken>>;
}

/** Reads the resources of documents. Throws if a join token has no settings for its join method. */
export function resourcesOf(...paths: readonly string[]): Resources {
  const resources = paths
    .flatMap(fencesOf)
    .filter((body) => /^kind: /m.test(body))
    .flatMap(readResources);
  const byName = <T>(kind: string, read: (resource: Resource) => T) =>
    Object.fromEntries(
      resources
        .filter((resource) => resource.kind === kind)
        .map((resource) => [resource.metadata.name, read(resource)]),
    );
  const logins = byName('role', ({ spec }) => spec.allow?.logins ?? []);
  return {
    kinds: resources.map(({ kind, version }) => `${kind} ${version}`),
    bots: byName('bot', ({ spec: { roles = [] } }) => ({
      roles,
      logins: roles.flatMap((role) => logins[role] ?? []),
    })),
    tokens: byName('token', tokenOf),
  };
}

function readResources(body: string): readonly Resource[] {
  return JSON.parse(JSON.stringify(valuesOf(body)));
}

function tokenOf({ metadata, spec }: Resource): JoinToken {
  const { bot_name: bot = '', join_method: joinMethod, github, azure } = spec;
  if (joinMethod === 'azure' && azure) return { bot, joinMethod, allow: azure.allow };
  if (joinMethod === 'github' && github) return { bot, joinMethod, allow: github.allow };
  throw new Error(`${metadata.name} has no settings for ${joinMethod}`);
}
