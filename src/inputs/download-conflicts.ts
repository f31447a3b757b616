import { isImageMirror } from './download-inputs.ts';
import type { Given, Inputs } from './table.ts';

/** The inputs that say where programs come from. */
export type DownloadInputs = Pick<
  Inputs,
  'version' | 'tbotPath' | 'edition' | 'fips' | 'installFrom' | 'mirror' | 'checksum' | 'tools'
>;

/** Undefined for those that can't be read, too. */
type ReadSoFar = { readonly [Key in keyof DownloadInputs]: DownloadInputs[Key] | undefined };

/** Inputs about the download that can't be meant together, a sentence for each. */
export function downloadConflicts(inputs: ReadSoFar, given: Given): (string | false)[] {
  const brought = !given.has('tbot-path')
    ? inputs.version?.kind === 'installed' && '`version: installed`'
    : '`tbot-path`';
  return brought === false
    ? [...pinConflicts(inputs), ...sourceConflicts(inputs)]
    : noDownload(inputs, brought);
}

function noDownload(inputs: ReadSoFar, brought: string): (string | false)[] {
  const useless = (name: string, given: boolean): string | false =>
    given && `\`${name}\`: nothing is downloaded with ${brought}`;
  return [
    useless('edition', (inputs.edition ?? 'auto') !== 'auto'),
    useless('install-from', (inputs.installFrom ?? 'auto') !== 'auto'),
    useless('mirror', inputs.mirror !== undefined),
    useless('checksum', inputs.checksum !== undefined),
    useless('tools', (inputs.tools ?? []).length > 0),
    inputs.tbotPath !== undefined &&
      inputs.version?.kind === 'installed' &&
      '`tbot-path`: contradicts `version: installed`, which takes the tbot on PATH',
  ];
}

function pinConflicts(inputs: ReadSoFar): (string | false)[] {
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

function sourceConflicts(inputs: ReadSoFar): (string | false)[] {
  const { mirror, installFrom, tools = [], edition, fips } = inputs;
  const image = isImageMirror(mirror);
  const onlyTbot = tools.length > 0 && (installFrom === 'image' || image);
  return [
    installFrom === 'archive' &&
      image &&
      '`mirror`: is one of the image, and `install-from: archive` wants the base URL of archives',
    installFrom === 'image' &&
      mirror !== undefined &&
      !image &&
      '`mirror`: is one of archives, and `install-from: image` wants `host[:port]/repository`',
    onlyTbot && '`tools`: the image holds tbot alone; tsh and tctl come from the archive',
    edition === 'oss' && fips === true && '`fips`: FIPS builds are of the enterprise edition only',
  ];
}
