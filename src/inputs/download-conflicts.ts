import { isImageMirror } from './download-inputs.ts';
import type { GivenInputs, Inputs } from './table.ts';

/** The inputs that select which programs are installed and where they come from. */
export type DownloadInputs = Pick<
  Inputs,
  'version' | 'tbotPath' | 'edition' | 'fips' | 'installFrom' | 'mirror' | 'checksum' | 'tools'
>;

/** Undefined for absent and for invalid inputs. */
type ValidDownloadInputs = {
  readonly [Key in keyof DownloadInputs]: DownloadInputs[Key] | undefined;
};

/** Returns a sentence for each conflict between the inputs of the download. */
export function downloadConflicts(
  inputs: ValidDownloadInputs,
  given: GivenInputs,
): (string | false)[] {
  const existing = !given.has('tbot-path')
    ? inputs.version?.kind === 'installed' && '`version: installed`'
    : '`tbot-path`';
  return existing === false
    ? [...pinConflicts(inputs), ...sourceConflicts(inputs)]
    : noDownload(inputs, existing);
}

function noDownload(inputs: ValidDownloadInputs, existing: string): (string | false)[] {
  const unused = (name: string, given: boolean): string | false =>
    given && `\`${name}\`: nothing is downloaded with ${existing}`;
  return [
    unused('edition', (inputs.edition ?? 'auto') !== 'auto'),
    unused('install-from', (inputs.installFrom ?? 'auto') !== 'auto'),
    unused('mirror', inputs.mirror !== undefined),
    unused('checksum', inputs.checksum !== undefined),
    unused('tools', (inputs.tools ?? []).length > 0),
    inputs.tbotPath !== undefined &&
      inputs.version?.kind === 'installed' &&
      '`tbot-path`: contradicts `version: installed`, which takes the tbot on PATH',
  ];
}

function pinConflicts(inputs: ValidDownloadInputs): (string | false)[] {
  const { checksum, version, installFrom } = inputs;
  if (checksum === undefined) return [];
  return [
    version !== undefined &&
      version.kind !== 'exact' &&
      '`checksum`: belongs to one release, so it needs an exact `version`',
    installFrom === 'auto' &&
      '`checksum`: is the digest of either the archive or the image, so it needs `install-from`',
  ];
}

function sourceConflicts(inputs: ValidDownloadInputs): (string | false)[] {
  const { mirror, installFrom, tools = [], edition, fips } = inputs;
  const image = isImageMirror(mirror);
  const toolsFromImage = tools.length > 0 && (installFrom === 'image' || image);
  return [
    installFrom === 'archive' &&
      image &&
      '`mirror`: is one of the image, and `install-from: archive` wants the base URL of archives',
    installFrom === 'image' &&
      mirror !== undefined &&
      !image &&
      '`mirror`: is one of archives, and `install-from: image` wants `host[:port]/repository`',
    toolsFromImage && '`tools`: the image holds tbot alone; tsh and tctl come from the archive',
    edition === 'oss' && fips === true && '`fips`: FIPS builds are of the enterprise edition only',
  ];
}
