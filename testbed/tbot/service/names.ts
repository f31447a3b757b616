import { Failure } from '../failure.ts';
import type { Service } from './service.ts';

const reserved = new Set([
  'ca-rotation',
  'crl-cache',
  'heartbeat',
  'identity',
  'spiffe-trust-bundle-cache',
]);

/** Rejects an invalid name. Source: `lib/tbot/config/config.go`. */
export function checkName(name: string): void {
  if (reserved.has(name)) {
    throw new Failure(`service name ${JSON.stringify(name)} is reserved for internal use`);
  }
  if (!/^[a-z\d_\-+]+$/.test(name)) {
    throw new Failure(
      `invalid service name: ${JSON.stringify(name)}, may only contain lowercase letters, numbers, hyphens, underscores, or plus symbols`,
    );
  }
}

/** Rejects a duplicate name. */
export function checkUnique(services: readonly Service[]): void {
  const seen = new Set<string>();
  services.forEach(({ name }, index) => {
    if (name === undefined) return;
    if (seen.has(name)) {
      const duplicate = new Failure(`duplicate name: ${JSON.stringify(name)}`);
      throw duplicate.within(`validating service[${index}]`);
    }
    seen.add(name);
  });
}
