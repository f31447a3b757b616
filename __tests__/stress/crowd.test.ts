import { expect, it } from 'vitest';
import { crowdLines, runCrowd } from './crowd.ts';

it('jobs at once on one host end as they should, see no files of others and leave nothing', async () => {
  const report = await runCrowd(8);
  console.log(crowdLines(report).join('\n'));
  expect(report.failures).toEqual([]);
  expect(report.jobs).toHaveLength(8);
  expect(report.jobs.filter(({ port }) => port !== undefined)).toHaveLength(1);
  expect(report.guarded > 0).toBe(report.accounts > 1);
}, 300_000);
