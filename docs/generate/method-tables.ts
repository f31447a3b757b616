import { variablesOf } from '../../src/methods/join-identity.ts';
import { type JoinMethod, joinMethods, methodOf } from '../../src/methods/index.ts';
import { code, codes, type Regions, table } from './markdown.ts';
import { firstReleases } from './releases.ts';
import { methods, parameters } from './texts.ts';

/** Returns the tables of docs/joining.md. Throws an Error for a method or parameter without a text. */
export function methodTables(): Regions {
  const iam = variablesOf({ method: 'iam' }).optional.map((name) => `- ${code(name)}`);
  return {
    methods: methodTable(),
    parameters: parameterTable(),
    'variables of iam': iam.join('\n'),
  };
}

function methodTable(): string {
  const rows = joinMethods.map((method) => [
    code(method),
    textOf(methods, method),
    variableNames(method),
    firstReleases(methodOf(method).since) || 'all',
  ]);
  return table(['method', 'identity', 'variables', 'since tbot'], rows);
}

/** The list of `iam` is long and has a section of its own. */
function variableNames(method: JoinMethod): string {
  if (method === 'iam') return '';
  const { required, optional, alternatives } = variablesOf({ method });
  const either = alternatives ? ' (either)' : '';
  return `${codes(required)}${either}${optional.length > 0 ? `${codes(optional)} (optional)` : ''}`;
}

function parameterTable(): string {
  const rows = joinMethods.flatMap((method) => {
    const { parameters: section, newer = {} } = methodOf(method);
    if (section === undefined || section.input !== undefined) return [];
    return Object.keys(section.fields).map((name) => {
      const key = `${section.key}.${name}`;
      return [code(key), code(method), firstReleases(newer[name]), textOf(parameters, key)];
    });
  });
  return table(['key', 'join method', 'since tbot', 'meaning'], rows);
}

function textOf(texts: Readonly<Record<string, string>>, name: string): string {
  const text = texts[name];
  if (text === undefined) throw new Error(`docs/generate/texts.ts has no text for ${name}`);
  return text;
}
