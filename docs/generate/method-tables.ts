import { joinMethods, methodVariables } from '../../src/methods/methods.ts';
import { onboardingFields, onboardingKeys } from '../../src/methods/onboarding.ts';
import { methodAvailability, parameterAvailability } from '../../src/tbot/versions/known.ts';
import { code, codes, type Regions, table } from './markdown.ts';
import { firstReleases } from './releases.ts';
import { methods, parameters } from './texts.ts';

/** Returns the tables of docs/joining.md. Throws an Error for a method or parameter without a text. */
export function methodTables(): Regions {
  return { methods: methodTable(), parameters: parameterTable() };
}

function methodTable(): string {
  const rows = joinMethods.map((method) => [
    code(method),
    textOf(methods, method),
    variablesOf(method),
    firstReleases(methodAvailability[method]) || 'all',
  ]);
  return table(['method', 'proof of identity', 'variables', 'since tbot'], rows);
}

function variablesOf(method: (typeof joinMethods)[number]): string {
  if (method === 'azure' || method === 'iam') return '';
  if (method === 'github')
    return codes(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
  const { required, optional } = methodVariables(method, {});
  const either = method === 'bound_keypair' ? ' (either)' : '';
  return `${codes(required)}${either}${optional.length > 0 ? `${codes(optional)} (optional)` : ''}`;
}

function parameterTable(): string {
  const rows = Object.entries(onboardingFields).flatMap(([section, { fields }]) =>
    Object.keys(fields).map((name) => {
      const key = `${section}.${name}`;
      const method = Object.entries(onboardingKeys).find(
        ([candidate]) => candidate === section,
      )?.[1];
      const since = firstReleases(parameterAvailability[name]);
      return [code(key), code(method ?? ''), since, textOf(parameters, key)];
    }),
  );
  return table(['key', 'join method', 'since tbot', 'meaning'], rows);
}

function textOf(texts: Readonly<Record<string, string>>, name: string): string {
  const text = texts[name];
  if (text === undefined) throw new Error(`docs/generate/texts.ts has no text for ${name}`);
  return text;
}
