import type { InvalidInput } from '../text/input-error.ts';
import { isImageMirror } from './download-inputs.ts';
import type { GivenInputs, Inputs } from './table.ts';

/** The inputs that select which programs are installed and where they come from. */
export type DownloadInputs = Pick<
  Inputs,
  | 'version'
  | 'tbotPath'
  | 'edition'
  | 'fips'
  | 'installFrom'
  | 'mirror'
  | 'checksum'
  | 'signatureKey'
  | 'signatureExtension'
  | 'tools'
>;

/** Undefined for absent and for invalid inputs. */
type ValidDownloadInputs = {
  readonly [Key in keyof DownloadInputs]: DownloadInputs[Key] | undefined;
};

/** Returns the conflicts between the inputs of the download. */
export function downloadConflicts(
  inputs: ValidDownloadInputs,
  given: GivenInputs,
): (InvalidInput | false)[] {
  const existing = !given.has('tbot-path')
    ? inputs.version?.kind === 'installed' && '`version: installed`'
    : '`tbot-path`';
  return existing === false
    ? [...pinConflicts(inputs), ...signatureConflicts(inputs, given), ...sourceConflicts(inputs)]
    : noDownload(inputs, existing, given);
}

function noDownload(
  inputs: ValidDownloadInputs,
  existing: string,
  names: GivenInputs,
): (InvalidInput | false)[] {
  const message = `it has no effect with ${existing}, because nothing is downloaded`;
  const unused = (input: string, given: boolean): InvalidInput | false =>
    given && { input, message };
  return [
    unused('edition', (inputs.edition ?? 'auto') !== 'auto'),
    unused('install-from', (inputs.installFrom ?? 'auto') !== 'auto'),
    unused('mirror', inputs.mirror !== undefined),
    unused('checksum', inputs.checksum !== undefined),
    unused('signature-key', names.has('signature-key')),
    unused('signature-extension', names.has('signature-extension')),
    unused('tools', (inputs.tools ?? []).length > 0),
    inputs.tbotPath !== undefined &&
      inputs.version?.kind === 'installed' && {
        input: 'tbot-path',
        message: 'it cannot be combined with `version: installed`, which uses the tbot on PATH',
      },
  ];
}

function pinConflicts(inputs: ValidDownloadInputs): (InvalidInput | false)[] {
  const { checksum, version, installFrom } = inputs;
  const input = 'checksum';
  if (checksum === undefined) return [];
  return [
    version !== undefined &&
      version.kind !== 'exact' && {
        input,
        message: 'it requires an exact `version`, because each release has its own digests',
      },
    installFrom === 'auto' && {
      input,
      message: 'it requires `install-from`, because archive and image have different digests',
    },
  ];
}

function signatureConflicts(
  { installFrom, mirror }: ValidDownloadInputs,
  given: GivenInputs,
): (InvalidInput | false)[] {
  const input = 'signature-extension';
  if (!given.has(input)) return [];
  return [
    !given.has('signature-key') && {
      input,
      message: 'it has no effect without `signature-key`',
    },
    (installFrom === 'image' || isImageMirror(mirror)) && {
      input,
      message:
        'it applies only to release archives. The signature of an image has a tag in its repository',
    },
  ];
}

function sourceConflicts(inputs: ValidDownloadInputs): (InvalidInput | false)[] {
  const { mirror, installFrom, tools = [], edition, fips } = inputs;
  const image = isImageMirror(mirror);
  const toolsFromImage = tools.length > 0 && (installFrom === 'image' || image);
  return [
    installFrom === 'archive' &&
      image && {
        input: 'mirror',
        message: '`install-from: archive` requires a base URL (`https://...`)',
      },
    installFrom === 'image' &&
      mirror !== undefined &&
      !image && {
        input: 'mirror',
        message: '`install-from: image` requires a repository (`host[:port]/repository`)',
      },
    toolsFromImage && {
      input: 'tools',
      message: 'tsh and tctl are only in the release archive, not in the image',
    },
    edition === 'oss' &&
      fips === true && {
        input: 'fips',
        message: 'FIPS builds exist only for the enterprise edition',
      },
  ];
}
