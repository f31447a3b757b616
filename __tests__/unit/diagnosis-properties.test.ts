import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/diagnosis.ts';
import type { Problem } from '../../src/problem.ts';
import { clean } from '../../src/tbot/diagnosis/log.ts';
import { explainLog } from './diagnosis.fixture.ts';
import { textOf } from './problem.fixture.ts';

const context: JoinContext = {
  endpoint: { kind: 'proxy', address: 'rig.example.com:443' },
  cluster: 'rig.example.com',
  token: 'ci-github',
  identity: { method: 'github' },
  tbotVersion: '18.2.4',
  job: githubActions({}).job,
};

const explained = async (log: readonly string[]): Promise<Problem> =>
  (await explainLog(log, context)).problem;
const codeOf = async (log: readonly string[]): Promise<string> => (await explained(log)).code;

const causes: readonly [string, string][] = [
  ['token-unknown', '"" cannot join the cluster with role "Bot", token expired or not found'],
  ['claims-denied', 'id token claims did not match any allow rules'],
  ['token-method', 'client requested join method github, provision token only supports method iam'],
  ['token-role', 'cannot join the cluster, the token does not allow role Bot'],
  ['no-roles', 'generating identity: at least one role request is required'],
  ['locked', 'lock targeting User:"bot-ci" is in force'],
  ['no-id-token', 'ACTIONS_ID_TOKEN_REQUEST_URL environment variable missing'],
  ['id-token-refused', 'response did not include ID token'],
  ['proxy-untrusted', 'has presented a certificate signed by a unknown authority'],
  ['proxy-unreachable', 'dial tcp 127.0.0.1:3999: connect: connection refused'],
  ['version', 'client version is unsupported, minimum supported version is 17.0.0'],
  ['platform', 'write /x/key: no space left on device'],
  ['clock', 'token not valid yet (nbf)'],
  ['bot-unknown', 'joining with token access denied'],
  ['scoped-bot', 'join method "github" does not support scoping'],
  ['bound-keypair', 'join state verification failed'],
  ['issuer-unreachable', 'discovering oidc document Get "https://x/": no such host'],
  ['unsupported', 'tpm joining this feature requires Teleport Enterprise'],
  ['workload-identity-denied', 'attributes did not pass rule evaluation no matching rule found'],
];

const noise = fc.constantFrom(
  "invalid character '<' looking for beginning of value",
  'rpc error: code = Unknown desc = unexpected HTTP status code received from server: 302 (Found); malformed header: missing HTTP content-type',
);

/** Words separated by a space, a line break, or a line break and a tab. */
const broken = (text: string) => {
  const words = text.split(' ');
  return fc
    .array(fc.constantFrom(' ', ' ', '\n', '\n\t'), {
      minLength: words.length,
      maxLength: words.length,
    })
    .map((gaps) => words.map((word, index) => word + gaps[index]).join(''));
};

const running = fc.constantFrom(
  'INFO [TBOT]      Bot initialization complete. tbot/tbot.go:316',
  'WARN [TBOT]      token expired or not found tbot/tbot.go:1',
  '2026-11-21T02:22:47.000Z DEBU  lock targeting User:"x" is in force',
);

describe('a join token that is a secret', () => {
  it.each([...causes, ['role-denied', 'role nope is not found']])(
    'is not shown, and no resource is suggested for it: %s',
    async (_, text) => {
      const identity = { method: 'token', onboarding: {} } as const;
      const secret = { ...context, token: undefined, identity };
      const { problem } = await explainLog([`ERROR: ${text}`], secret);
      expect(textOf(problem)).not.toMatch(/kind: token|undefined|tctl create/);
    },
  );
});

describe('explain', () => {
  it.each(causes)(
    'finds %s in any order, with any secondary errors and line breaks',
    async (code, cause) => {
      const joined = fc
        .array(noise, { maxLength: 2 })
        .chain((others) =>
          fc.shuffledSubarray([cause, ...others], { minLength: others.length + 1 }),
        )
        .chain((parts) => broken(parts.join(', ')));
      await fc.assert(
        fc.asyncProperty(joined, fc.array(running), fc.boolean(), async (text, before, red) => {
          const prefix = red ? '\u001b[31mERROR: \u001b[0m' : 'ERROR: ';
          expect(await codeOf([...before, ...`${prefix}${text}`.split('\n')])).toBe(code);
        }),
      );
    },
  );

  it.each(causes)('finds %s in the report of --debug', async (code, cause) => {
    await fc.assert(
      fc.asyncProperty(noise, fc.boolean(), async (other, first) => {
        const text = (first ? `${cause}, ${other}` : `${other}, ${cause}`)
          .replaceAll("'", '&#39;')
          .replaceAll('"', '&#34;')
          .replaceAll('<', '&lt;');
        const log = [
          'ERROR REPORT:',
          `Original Error: trace.aggregate ${text}`,
          'Stack Trace:',
          '\t/build/lib/auth/register.go:290 github.com/gravitational/teleport/lib/auth.Register',
          `User Message: ${text}`,
        ];
        expect(await codeOf(log)).toBe(code);
      }),
    );
  });

  it('does not interpret secondary errors alone', async () => {
    const alone = fc.array(noise, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(alone, fc.array(running), async (parts, before) => {
        expect(await codeOf([...before, `ERROR: ${parts.join(', ')}`])).toBe('tbot');
      }),
    );
  });

  it('accepts any log', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('ERROR:', 'ERROR REPORT:'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (log) => {
        const problem = await explained(log);
        expect(problem.message).not.toBe('');
        for (const text of [problem.message, problem.fix, ...problem.log])
          expect(text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('a Problem', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_-]{12,80}$/);
  const jwt = fc
    .tuple(part, part, part)
    .map(([head, body, signature]) => `eyJ${head}.eyJ${body}.${signature}`);

  /** Lines with a token, which must be removed as a whole and in parts. */
  const wrapped = fc.constantFrom(
    (token: string) => `ERROR: bad token ${token}, invalid`,
    (token: string) => `ERROR: {"value":"${token}"}`,
    (token: string) => `ERROR: Authorization: Bearer ${token}`,
    (token: string) => `ERROR: role ${token} is not found`,
    (token: string) => `ERROR: dial tcp: https://x/?token=${token}: connection refused`,
    (token: string) => `ERROR: lock targeting User:"${token}" is in force`,
    (token: string) => `ERROR: field ${token} not found in type config.BotConfig`,
    (token: string) => `ERROR: \u001b[1m${token.slice(0, 7)}\u001b[0m${token.slice(7)}`,
    (token: string) => `panic: ${token}`,
    (token: string) => `INFO [TBOT] ${token} x.go:1`,
  );

  it('contains no token', async () => {
    await fc.assert(
      fc.asyncProperty(
        jwt,
        fc.array(wrapped, { minLength: 1, maxLength: 4 }),
        async (token, forms) => {
          const log = forms.map((form) => form(token));
          const text = textOf(await explained(log));
          for (const secret of token.split('.')) expect(text).not.toContain(secret);
        },
      ),
    );
  });

  it('contains no private key', async () => {
    const body = fc.array(fc.stringMatching(/^[A-Za-z0-9+/]{64}$/), { minLength: 2, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), async (lines, whole) => {
        const log = [
          'ERROR: writing key failed',
          '-----BEGIN RSA PRIVATE KEY-----',
          ...lines,
          ...(whole ? ['c2hvcnQ=', '-----END RSA PRIVATE KEY-----'] : []),
          'INFO [TBOT] done x.go:1',
        ];
        const { message, log: shown } = await explained(log);
        const text = [message, ...shown].join('\n');
        for (const line of lines) expect(text).not.toContain(line);
        expect(text).not.toContain('c2hvcnQ=');
        expect(text).toContain('done');
      }),
    );
  });

  it('has a limited length', async () => {
    const log = Array.from({ length: 500 }, (_, index) => `ERROR: ${index} ${'x'.repeat(9999)}`);
    const problem = await explained(log);
    expect(problem.log.length).toBe(20);
    expect(problem.message.length).toBeLessThan(500);
    expect(Math.max(...problem.log.map((line) => line.length))).toBeLessThan(500);
    expect(problem.log.at(-1)).toContain('499');
  });

  it('keeps the text of a coloured line', async () => {
    expect(clean('\u001b[31mERROR: \u001b[0mno\u0007 way \u001b]0;title\u0007out')).toBe(
      'ERROR: no  way out',
    );
  });
});
