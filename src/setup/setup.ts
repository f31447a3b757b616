import { Problem } from '../problem.ts';
import { report } from '../report.ts';
import type { CiPort } from '../ci/port.ts';
import { listenForStop } from '../process/stop.ts';
import { ignoreUnverified } from '../http/tls-environment.ts';
import { parseAddress } from '../inputs/address.ts';
import {
  parseFips,
  parseMirror,
  parseSignatureExtension,
  parseTools,
} from '../inputs/download-inputs.ts';
import { parseSignatureKey, privateKeyLines } from '../inputs/public-keys.ts';
import { downloadConflicts } from '../inputs/download-conflicts.ts';
import type { InvalidInput } from '../text/input-error.ts';
import { parseDuration } from '../text/time.ts';
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

/** Runs the step of ./setup: puts tbot, tsh and tctl on PATH, without a join. */
export async function setup(ci: CiPort): Promise<void> {
  using stop = listenForStop();
  try {
    for (const line of privateKeyLines(ci.inputs['signature-key'] ?? '')) ci.mask(line);
    const { inputs, warnings } = readSetupInputs(ci.inputs);
    for (const warning of warnings) ci.warning('machine-id-action', warning);
    ignoreUnverified(ci);
    stop.after(inputs.timeout);
    const { provide } = await import('./provide.ts');
    await provide({ ...inputs, edition: editionOf(inputs), tbotPath: undefined }, ci, stop);
  } catch (error) {
    const { aborted, reason } = stop.signal;
    await report(aborted && !(error instanceof Problem) ? reason : error, ci, false);
  }
}

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
  signatureKey: optional('signature-key', parseSignatureKey),
  signatureExtension: defaulted('signature-extension', 'sig', parseSignatureExtension),
  extraCaFile: optional('extra-ca-file', parsePath),
  timeout: defaulted('timeout', '5m', parseDuration),
} as const satisfies Record<string, Input<unknown>>;

type SetupInputs = InputsOf<typeof setupTable>;

/** Reads the inputs of ./setup. Throws one Problem `inputs` with all errors. */
function readSetupInputs(dictionary: InputDictionary): ReadResult<SetupInputs> {
  return readTable(setupTable, conflicts, dictionary);
}

/** Returns the edition; the input `enterprise` is its older form. */
function editionOf({
  edition,
  enterprise,
}: Pick<SetupInputs, 'edition' | 'enterprise'>): SetupInputs['edition'] {
  if (edition !== 'auto' || enterprise === undefined) return edition;
  return enterprise ? 'enterprise' : 'oss';
}

function conflicts(
  inputs: ValidInputs<typeof setupTable>,
  given: GivenInputs,
): readonly InvalidInput[] {
  const { version, enterprise, edition } = inputs;
  const download = {
    ...inputs,
    edition: edition && editionOf({ edition, enterprise }),
    tbotPath: undefined,
  };
  const errors: (InvalidInput | false)[] = [
    version?.kind === 'installed' && {
      input: 'version',
      message: '`installed` is not supported here. Set `auto` or an exact version',
    },
    version?.kind === 'auto' &&
      !given.has('proxy') && {
        input: 'version',
        message: '`auto` requires `proxy`. Set `proxy` or an exact version',
      },
    enterprise !== undefined &&
      edition !== undefined &&
      edition !== 'auto' &&
      enterprise !== (edition !== 'oss') && {
        input: 'enterprise',
        message: 'it contradicts `edition`. Set only one of them',
      },
    ...(version?.kind === 'installed' ? [] : downloadConflicts(download, given)),
  ];
  return errors.filter((error) => error !== false);
}
