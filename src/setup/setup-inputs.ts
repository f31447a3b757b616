import { parseAddress } from '../inputs/address.ts';
import { parseFips, parseMirror, parseTools } from '../inputs/download-inputs.ts';
import { downloadConflicts } from '../inputs/download-conflicts.ts';
import { parseDuration } from '../text/duration.ts';
import { type InputDictionary, type ReadResult, readTable } from '../inputs/read-table.ts';
import {
  defaulted,
  type GivenInputs,
  type Input,
  type InputsOf,
  optional,
  type ValidInputs,
} from '../inputs/table.ts';
import {
  oneOf,
  parseBoolean,
  parseChecksums,
  parsePath,
  parseVersionInput,
} from '../inputs/parsers.ts';

/** All inputs of setup/action.yml in their order; the first three exist in teleport-actions/setup. */
export const setupTable = {
  version: defaulted('version', 'auto', parseVersionInput),
  proxy: optional('proxy', parseAddress),
  enterprise: optional('enterprise', parseBoolean),
  edition: defaulted('edition', 'auto', oneOf('auto', 'oss', 'enterprise', 'cloud')),
  fips: defaulted('fips', 'auto', parseFips),
  tools: defaulted('tools', 'tsh, tctl', parseTools),
  installFrom: defaulted('install-from', 'auto', oneOf('auto', 'image', 'archive')),
  mirror: optional('mirror', parseMirror),
  checksum: optional('checksum', parseChecksums),
  extraCaFile: optional('extra-ca-file', parsePath),
  timeout: defaulted('timeout', '5m', parseDuration),
} as const satisfies Record<string, Input<unknown>>;

export type SetupInputs = InputsOf<typeof setupTable>;

/** Reads the inputs of ./setup. Throws one Problem `inputs` with all errors. */
export function readSetupInputs(dictionary: InputDictionary): ReadResult<SetupInputs> {
  return readTable(setupTable, conflicts, dictionary);
}

/** Returns the edition; the input `enterprise` is its older spelling. */
export function editionOf({
  edition,
  enterprise,
}: Pick<SetupInputs, 'edition' | 'enterprise'>): SetupInputs['edition'] {
  if (edition !== 'auto' || enterprise === undefined) return edition;
  return enterprise ? 'enterprise' : 'oss';
}

function conflicts(inputs: ValidInputs<typeof setupTable>, given: GivenInputs): readonly string[] {
  const { version, enterprise, edition } = inputs;
  const download = {
    ...inputs,
    edition: edition && editionOf({ edition, enterprise }),
    tbotPath: undefined,
  };
  const errors: (string | false)[] = [
    version?.kind === 'installed' && '`version`: `installed` leaves nothing to do here',
    version?.kind === 'auto' &&
      !given.has('proxy') &&
      '`version`: without `proxy` there is nobody to ask, so it must be an exact one',
    enterprise !== undefined &&
      edition !== undefined &&
      edition !== 'auto' &&
      enterprise !== (edition !== 'oss') &&
      '`enterprise`: contradicts `edition`; give one of them',
    ...(version?.kind === 'installed' ? [] : downloadConflicts(download, given)),
  ];
  return errors.filter((error) => error !== false);
}
