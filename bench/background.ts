import { createRunner, readAction } from '../testbed/runner/runner.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { type Contestant, race, table } from './measure.ts';

const root = new URL('..', import.meta.url).pathname;

/** Main and post in background mode, against the same services in oneshot mode. */
export async function benchBackground(): Promise<void> {
  await using testbed = await startTestbed();
  const action = await readAction(root);
  const environment = { ...testbed.github.environment };
  const inputs = {
    proxy: testbed.proxy.address,
    token: 'ci-github',
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
    services: '- type: identity\n- {type: database, service: pg, format: tls}',
    app: 'hello',
  };
  const posts = new Map<string, number>();
  const contestant = (mode: string): Contestant => ({
    name: `mode: ${mode}`,
    run: async () => {
      await using runner = await createRunner({ environment });
      const { durationMs } = await runner.uses({ ...action, inputs: { ...inputs, mode } });
      const end = await runner.finish();
      posts.set(mode, end.posts[0]?.durationMs ?? 0);
      return durationMs;
    },
  });
  const contestants = [contestant('oneshot'), contestant('background')];
  table('Credentials are ready (main)', await race(10, contestants));
  const post = (mode: string): Contestant => ({
    name: `after mode: ${mode}`,
    run: async () => {
      await contestant(mode).run();
      return posts.get(mode) ?? 0;
    },
  });
  table('Post', await race(10, [post('oneshot'), post('background')]));
}
