import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textPort } from '../../src/ci/shell/text-port.ts';
import { systemFor, systemNames } from '../../src/ci/systems.ts';

const samples = readFileSync(new URL('../integration/problems.txt', import.meta.url), 'utf8').split(
  '\n',
);

/** Sections of what only a job of GitHub Actions can see, or only an action has. */
const githubOnly = /^(\S+) \((identity: .*(GitHub|fork|permission)|scrub: )/;

/** Words of GitHub Actions that no other system uses in this sense. */
const githubWords =
  /`with:`|`env:`|post step|\b[Tt]his step\b|\b[Tt]he step\b|\b[Tt](?:his|he) action\b|RUNNER_\w+|workflow file|GitHub Actions runner|your workflow/;

/** Returns the lines of all samples that are not about GitHub, without titles and job summaries. */
function messages(): readonly string[] {
  const lines: string[] = [];
  let skipped = false;
  for (const [index, line] of samples.entries()) {
    if (/^=+$/.test(samples[index + 1] ?? '')) skipped = githubOnly.test(line);
    else if (!skipped && line.startsWith('  ')) lines.push(line.trim());
  }
  return lines;
}

describe.each(systemNames)('the messages of `%s`', (name) => {
  const system = systemFor({}, name);

  it('contain no words of GitHub Actions', () => {
    if (!system) throw new Error(`${name} is unknown`);
    const options = { inputs: {}, env: {}, debugging: false, jobName: '', write: () => undefined };
    const { worded } = textPort(system, options);
    expect(messages().length).toBeGreaterThan(500);
    expect(
      messages()
        .map(worded)
        .filter((line) => githubWords.test(line)),
    ).toEqual([]);
  });
});
