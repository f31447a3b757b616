import { type Destination, readDestination } from '../destination.ts';
import { Failure } from '../failure.ts';
import { asValues, listAt, textAt, type Values } from '../values.ts';
import type { PlayedVersion } from '../versions.ts';

/** An entry with its type and destination. */
export interface ParsedService {
  readonly type: string;
  readonly entry: Values;
  readonly destination: Destination | undefined;
}

/** Reads the lists of services. Unknown keys of an entry are ignored by every version. */
export function parseServices(root: Values, version: PlayedVersion): ParsedService[] {
  return version.serviceLists.flatMap((list) =>
    listAt(root, list).map((one) => parseService(asValues(one), list, version)),
  );
}

function parseService(
  entry: Values,
  list: 'services' | 'outputs',
  version: PlayedVersion,
): ParsedService {
  const type = textAt(entry, 'type');
  if (!version.takes(list, type)) {
    const kind = version.entry === 'output' && list === 'outputs' ? 'output' : 'service';
    throw new Failure(`failed parsing config file: unrecognized ${kind} type (${type})`);
  }
  const given = entry['destination'];
  if (given !== undefined) checkScan(entry, list);
  return {
    type,
    entry,
    destination: given === undefined ? given : readDestination(asValues(given)),
  };
}

/**
 * tbot searches for the destination in keys and values, so it uses a value `destination` before the key.
 * Source: `lib/tbot/internal/destination.go`.
 */
function checkScan(entry: Values, list: string): void {
  for (const [key, value] of Object.entries(entry)) {
    if (key === 'destination') return;
    if (value === 'destination') {
      throw new Failure(
        `failed parsing config file: yaml: unmarshal errors:  cannot unmarshal a key of ${list} into a destination`,
      );
    }
  }
}
