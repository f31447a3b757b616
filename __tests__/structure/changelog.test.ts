import { describe, expect, it } from 'vitest';
import { text } from './tree.ts';

const changelog = text('CHANGELOG.md');
const { version }: { version: string } = JSON.parse(text('package.json'));
const releases = [...changelog.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => {
  const [, number = '', date = ''] = /^\[(\d+\.\d+\.\d+)\] - (.*)$/.exec(heading) ?? [];
  return { heading, number, date };
});

describe('CHANGELOG.md', () => {
  it('starts with the version of package.json', () => {
    expect(releases[0]?.number).toBe(version);
  });

  it('has a date for each release, except for the newest one before its release', () => {
    const [newest, ...earlier] = releases;
    expect(newest?.date).toMatch(/^(\d{4}-\d\d-\d\d|Unreleased)$/);
    for (const { date } of earlier) expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('has a link for each release', () => {
    for (const { number } of releases)
      expect(changelog).toContain(`\n[${number}]: ../../releases/tag/v${number}\n`);
  });

  it('has only known headings', () => {
    const known = [
      'Added',
      'Changed',
      'Deprecated',
      'Removed',
      'Fixed',
      'Security',
      'Known limits',
    ];
    for (const [, heading = ''] of changelog.matchAll(/^### (.*)$/gm))
      expect(known).toContain(heading);
  });
});
