import { describe, expect, it } from 'vitest';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { main } from '../../src/main.ts';
import { Problem } from '../../src/problem.ts';
import { problemSummary } from '../../src/publish/summary.ts';
import { timelineSection } from '../../src/publish/timeline-section.ts';
import { Timeline } from '../../src/timeline.ts';
import { captureStdout, recordingCi } from '../recording.ts';

describe('a masked text', () => {
  const secret = 'a<b>"c\\d';

  it.each([
    ['as it is', secret],
    ['quoted', JSON.stringify(secret)],
    ['in part, a line of it', 'second & line'],
  ])('is not in a job summary, %s', (_, shown) => {
    using stdout = captureStdout();
    const { mask, redact } = githubActions({});
    mask(secret);
    mask('second & line\nthird');
    mask('');
    const text = { what: `It failed: ${shown}.`, fix: `Fix ${shown}.`, notes: [shown] };
    const summary = problemSummary(new Problem({ code: 'tbot', ...text }), 'docs', redact);
    expect(summary.match(/\*\*\*/g)).toHaveLength(3);
    const timeline = new Timeline();
    timeline.enter('Resolve');
    timeline.add({ cluster: shown });
    const phases = timelineSection(timeline, 'failed', redact);
    expect(phases).toContain('***');
    expect(`${summary}${phases}`).not.toMatch(/#60|&#|second/);
    expect(stdout.text).toContain('::add-mask::');
  });

  it('is removed whole, also if a part of it is masked as well', () => {
    using stdout = captureStdout();
    const { mask, redact } = githubActions({});
    for (const text of ['long', 'a long secret']) mask(text);
    expect(redact('a long secret, a long way')).toBe('***, a *** way');
    expect(stdout.text).toContain('::add-mask::long');
  });
});

describe('passwords in URLs', () => {
  it.each([
    ['of an input', { inputs: { token: 'https://bob:hunter2@a/x', mirror: 'x' } }],
    ['of an HTTP proxy', { env: { https_proxy: 'http://bob:hunter2@a:3128', NO_PROXY: 'a' } }],
  ])('%s are masked', async (_, given) => {
    const recording = recordingCi(given);
    await main(recording.ci);
    process.exitCode = 0;
    expect(recording.of('mask')).toContainEqual(['hunter2']);
  });

  it('are not masked if they are as short as a word, or are none', async () => {
    const inputs = { token: 'https://bob:abc@a/x', database: 'pg/app/ci@project.iam' };
    const recording = recordingCi({ inputs });
    await main(recording.ci);
    process.exitCode = 0;
    expect(recording.of('mask')).toEqual([]);
  });
});
