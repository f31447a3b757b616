import type { Yaml } from './parse.ts';

/** The package `yaml`, loaded when there is something to read. */
export async function loadYaml(): Promise<Yaml> {
  return import('yaml');
}
