import { type AllowEntry, type Claims, type ClaimRules, isPattern, ruleLines } from './claims.ts';

/** A field of an allow rule. In a rule, an empty or absent field matches anything. */
interface RuleField {
  /** The claim that it matches. */
  readonly claim: string;
  /** The rule does not need it: it is left out if the token lacks the claim. */
  readonly optional?: true;
  /** Teleport reads `*` and `?` in it as wildcards. */
  readonly pattern?: true;
  /** The value that stands for an unknown one and matches nothing. */
  readonly placeholder?: string;
  /** The placeholder stands only for an unknown value. */
  readonly keptIfKnown?: true;
}

/** The allow rules of a join method, as far as they are suggested to users. */
export interface ClaimTable extends Pick<ClaimRules, 'names' | 'list'> {
  /** The fields of a rule that matches one job and as few others as possible, by their names. */
  readonly fields: Readonly<Record<string, RuleField>>;
  /** Returns claims that Teleport derives from others. */
  readonly derived?: (claims: Claims) => Claims;
  /** Returns why a rule would let unreviewed code join, if the claims reveal it. */
  readonly untrusted?: (claims: Claims) => string | undefined;
  /** Returns what the user should know before using the rule. */
  readonly notes?: (claims: Claims) => readonly string[];
  /** Formats a rule as a list item. Default: one line for each field. */
  readonly format?: (rule: Readonly<Record<string, string>>) => readonly string[];
  /** Returns the lines of the join token before the list of rules; claims may be absent. */
  readonly head: (claims: Claims) => readonly string[];
}

/** The reason for a merge request or pull request, which is `what`. */
export function unreviewed(what: string): string {
  return `An allow rule for a ${what} would let unreviewed code join. Join in a job that runs on the target branch, after the merge.`;
}

/** Returns how the allow rules in a table match claims. */
export function claimRules(table: ClaimTable): ClaimRules {
  const { names, list = 'allow' } = table;
  const entryFor = (claims: Claims): AllowEntry => allowEntry(table, claims);
  return {
    names,
    list,
    allowEntry: entryFor,
    tokenRules: (claims) => {
      const entry = entryFor(claims);
      const lines = entry.kind === 'entry' ? entry.lines : placeholders(table, claims);
      return [...table.head(claims), `${list}:`, ...lines.map((line) => `  ${line}`)];
    },
  };
}

function allowEntry(table: ClaimTable, given: Claims): AllowEntry {
  const claims = { ...given, ...table.derived?.(given) };
  const why = reasonForNone(table, claims);
  if (why !== undefined) return { kind: 'none', why };
  const rule = Object.entries(table.fields).flatMap(([name, { claim }]) => {
    const value = claims[claim];
    return value ? [[name, value] as const] : [];
  });
  const { format = ruleLines } = table;
  return {
    kind: 'entry',
    lines: format(Object.fromEntries(rule)),
    notes: table.notes?.(claims) ?? [],
  };
}

function reasonForNone(table: ClaimTable, claims: Claims): string | undefined {
  const fields = Object.values(table.fields);
  const missing = fields
    .filter(({ claim, optional }) => !optional && !claims[claim])
    .map(({ claim }) => `no \`${claim}\``);
  if (missing.length > 0)
    return `The OIDC token has ${missing.join(' and ')} claim, so no allow rule can match only this job.`;
  const untrusted = table.untrusted?.(claims);
  if (untrusted !== undefined) return untrusted;
  if (fields.some(({ claim, pattern }) => pattern && isPattern(claims[claim])))
    return 'A claim contains `*` or `?`, which are wildcards in allow rules, so no allow rule can match only this job. Rename the branch or tag.';
  return undefined;
}

/** Returns an entry with placeholders, which matches nothing. */
function placeholders(
  { fields, format = ruleLines }: ClaimTable,
  claims: Claims,
): readonly string[] {
  const rule = Object.entries(fields).flatMap(([name, { claim, placeholder, keptIfKnown }]) => {
    const known = keptIfKnown && !isPattern(claims[claim]) ? claims[claim] : undefined;
    const value = known ?? placeholder;
    return value === undefined ? [] : [[name, value] as const];
  });
  return format(Object.fromEntries(rule));
}
