import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/problem.ts';
import type { Outputs } from '../../src/publish/outputs.ts';
import { problemSummary, successSummary } from '../../src/publish/summary.ts';
import { timelineSection } from '../../src/publish/timeline-section.ts';
import { Timeline } from '../../src/timeline.ts';
import { needs } from '../requirements.ts';

const program = 'cmark-gfm';

/** Returns HTML as GitHub's renderer creates it. */
function rendered(markdown: string, ...options: readonly string[]): string {
  const extensions = ['autolink', 'table', 'strikethrough', 'tagfilter', 'tasklist'];
  const args = [...options, ...extensions.flatMap((name) => ['-e', name])];
  const { stdout, status } = spawnSync(program, args, { input: markdown, encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout;
}

/** Returns the text outside code, in which GitHub also links mentions, issues and commits. */
function outsideCode(html: string): string {
  return html.replaceAll(/<(code|pre)\b[^]*?<\/\1>/g, '');
}

const names = [
  'www.evil.example',
  'https://evil.example/login',
  'HTTP://evil.example',
  'ftp://evil.example',
  'mailto:a@evil.example',
  'user@evil.example',
  '@team',
  'acme/web#123',
  '#123',
  'GH-123',
  '0123456789abcdef0123456789abcdef01234567',
  'a`www.evil.example',
  'a`b`www.evil.example',
  'a|www.evil.example|b',
  'a\\|www.evil.example',
  'a\\www.evil.example\\',
  '`@team`',
  '**https://evil.example**',
  '<https://evil.example>',
  '<a href="https://evil.example">x</a>',
  '[x](https://evil.example)',
  '[x][y] www.evil.example',
  '![x](https://evil.example/x.png)',
  '(www.evil.example)',
  '"@team"',
  'x\n\n[y]: https://evil.example\n\n[y]',
  '&#119;ww.evil.example &commat;team',
];

/** Returns a timeline with two phases. */
function timelineWith(name: string): Timeline {
  const timeline = new Timeline();
  timeline.enter('Resolve');
  timeline.add({ cluster: name, serverVersion: name, version: name });
  timeline.enter('Install');
  timeline.add({ source: name, downloaded: 24_100_000 });
  return timeline;
}

const timelineTags = `<details><summary></summary><table>${'<td></td>'.repeat(6)}</table></details>`;

/** Returns links, and text that GitHub links, from the summaries that contain this name. */
function linksIn(name: string): readonly string[] {
  const credentials = [{ name, type: name, expiresAt: undefined }];
  const outputs = {
    cluster: name,
    bot: name,
    'join-method': name,
    'tbot-version': name,
    'tbot-source': name,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const join = rendered(successSummary({ credentials }, outputs as Outputs));
  // Without this option, cmark-gfm omits HTML.
  const phases = rendered(timelineSection(timelineWith(name)), '--unsafe');
  expect(phases.match(/<\/?(table|td|details|summary)>/g)?.join('')).toBe(timelineTags);
  const what = `The cluster ${name} is not \`${name}\`, but ${name}.`;
  const fix = `Ask ${name}, "${name}" (${name}) or '${name}'.`;
  const problem = new Problem({
    code: 'wrong-cluster',
    what,
    fix,
    errors: [name],
    notes: [name],
    facts: { title: name, lines: [name] },
  });
  const own = 'https://github.com/acme/action/blob/v1/docs/problems.md#wrong-cluster';
  const failure = rendered(problemSummary(problem, own)).replace(`<a href="${own}">`, '');
  return [join, phases, failure].flatMap((html) => [
    ...(html.match(/<(a|img)\b[^>]*>/g) ?? []),
    ...(outsideCode(html).match(/@|:\/\/|www\.|#\d|GH-\d|[0-9a-f]{7}/g) ?? []),
  ]);
}

const parts = [
  ' ',
  '\n',
  ...'www.evil.example https :// @ #1 ` | \\ * < > [ ] ( ) a & ; " ~ _'.split(' '),
];

describe('cmark-gfm', needs('cmark-gfm'), () => {
  it.each(names)('renders %j without a link', (name) => {
    expect(linksIn(name)).toEqual([]);
  });

  it('renders no name with a link', () => {
    const name = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(name, (chosen) => {
        expect(linksIn(`x${chosen.join('')}`)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
