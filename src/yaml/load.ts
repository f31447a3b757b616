import type { Yaml } from './parse.ts';

/** Loads the package `yaml`, which is slow. */
export async function loadYaml(): Promise<Yaml> {
  return import('yaml');
}
