import type { Yaml } from './parse.ts';

/**
 * Loads the package `yaml`, which is slow. A separate file, because this import needs helpers of the
 * bundler that most steps do not have to load.
 */
export async function loadYaml(): Promise<Yaml> {
  return import('yaml');
}
