import { isRecord } from '../text/json.ts';
import { type Availability, orNewer, supports, supportingTbot } from '../versions/releases.ts';
import type { Fields } from '../yaml/fields.ts';
import { descriptorOf } from './index.ts';
import type { Named } from './names.ts';

/**
 * Returns what a tbot or a cluster of these versions does not know of a service, as clauses. An
 * undefined version of the cluster counts as that of tbot.
 */
export function unsupportedIn(
  { name, request: { service } }: Named,
  version: string,
  serverVersion = version,
): readonly string[] {
  const { since, clusterSince, fields } = descriptorOf(service.type);
  const ofCredential = `of the credential \`${name}\``;
  const type = `\`${service.type}\` ${ofCredential}`;
  if (!supports(version, since)) return [`${type} needs ${supportingTbot(since)}`];
  const keys = unsupportedKeys(fields, service, version).map(
    ([key, known]) => `\`${key}\` ${ofCredential} needs ${supportingTbot(known)}`,
  );
  if (keys.length > 0) return [...new Set(keys)];
  if (clusterSince === undefined || supports(serverVersion, clusterSince)) return [];
  return [`${type} needs a cluster of ${orNewer(clusterSince)}`];
}

/** Returns the keys that a tbot would ignore silently, also those of mappings within. */
function unsupportedKeys(
  fields: Fields,
  values: object,
  version: string,
): readonly (readonly [key: string, known: Availability])[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined || !hasEffect(value)) return [];
    if (field.since !== undefined && !supports(version, field.since)) return [[key, field.since]];
    if (!('fields' in field)) return [];
    return [value]
      .flat()
      .filter(isRecord)
      .flatMap((part) => unsupportedKeys(field.fields, part, version));
  });
}

/** A value that means the same as no value is no reason to refuse it. */
function hasEffect(value: unknown): boolean {
  return value !== false && !(Array.isArray(value) && value.length === 0);
}
