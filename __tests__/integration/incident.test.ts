import { expect, it } from 'vitest';
import { text } from '../structure/tree.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture({ clusterName: 'example.teleport.sh' });

function withoutTime(line: string): string {
  return line.replace(/until \S+Z/, 'until TIME');
}

it('the log of a step has the line in docs/incident.md, and its outputs the bot instance', async () => {
  const [line = ''] = /^Joined .*$/m.exec(text('docs/incident.md')) ?? [];
  const recording = await fixture.play();
  const logged = recording.of('info').map(([entry = '']) => withoutTime(entry));
  expect(logged).toContain(withoutTime(line).replace('`example`', '`ci`'));
  expect(recording.values('output')['bot-instance-id']).toMatch(/^[0-9a-f-]{36}$/);
});
