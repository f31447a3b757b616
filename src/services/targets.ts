import { InputError, parseEach } from '../text/input-error.ts';
import { entryName, isPrintable } from '../text/display.ts';

/** One entry of the input `database`. */
export interface DatabaseName {
  readonly service: string;
  readonly database?: string;
  readonly username?: string;
}

/**
 * Parses comma- or newline-separated names of applications or Kubernetes clusters; drops duplicates.
 * Errors do not show a name, because it can be a password. Throws InputErrors.
 */
export function parseNames(text: string): readonly string[] {
  return [...new Set(parseEach(partsOf(text, /[,\n]/), parseName))];
}

/**
 * The names of Kubernetes clusters have only these characters (api/types/kubernetes.go), and those of
 * applications become a part of a host name.
 */
function parseName(name: string, number: number): string {
  const foreign = /[^\w.-]/u.exec(name)?.[0];
  if (foreign === undefined) return name;
  if (/\s/.test(foreign))
    throw new InputError(
      `entry ${number} contains a space. Separate names with commas or line breaks`,
    );
  const shown = isPrintable(foreign) ? `\`${foreign}\`` : 'a control character';
  throw new InputError(
    `entry ${number} contains ${shown}. A name consists of letters, digits, \`.\`, \`_\` and \`-\``,
  );
}

/**
 * Parses one database per line: `service`, `service/database` or `service/database/username`. Throws
 * InputErrors.
 */
export function parseDatabases(text: string): readonly DatabaseName[] {
  return parseEach(linesOf(text), (line, number) => parseDatabase(line, number, text));
}

/** One entry of the input `database-tunnel`. */
export type DatabaseTunnelName = Required<DatabaseName>;

/**
 * Parses one database per line: `service/database/username`. All parts are required, because tbot
 * connects as this user. Throws InputErrors.
 */
export function parseDatabaseTunnels(text: string): readonly DatabaseTunnelName[] {
  return parseEach(linesOf(text), (line, number) => {
    const { service, database, username } = parseDatabase(line, number, text);
    if (database !== undefined && username !== undefined) return { service, database, username };
    throw new InputError(
      `${entryName(line, number, text)} is not \`service/database/username\`. A tunnel requires all three`,
    );
  });
}

function linesOf(text: string): readonly string[] {
  return [...new Set(partsOf(text, /\n/))];
}

/** Splits at most twice, because user names contain `/` and `,`. */
function parseDatabase(line: string, number: number, text: string): DatabaseName {
  const shown = entryName(line, number, text);
  if (!isPrintable(line)) throw new InputError(`entry ${number} contains a control character`);
  const [, service = '', database, username] =
    /^([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/.exec(line) ?? [];
  if (service === '' || database === '' || username === '')
    throw new InputError(
      `${shown} is not \`service\`, \`service/database\` or \`service/database/username\``,
    );
  // User names contain commas, so a comma-separated list of databases could be read as one.
  if (/,\s/.test(line) || /,/.test(service + (database ?? '')))
    throw new InputError(`${shown} contains a comma. Specify one database per line`);
  return {
    service,
    ...(database === undefined ? {} : { database }),
    ...(username === undefined ? {} : { username }),
  };
}

function partsOf(text: string, separator: RegExp): readonly string[] {
  const parts = text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InputError('it contains only separators');
  return parts;
}
