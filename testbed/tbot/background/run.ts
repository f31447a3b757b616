import { Failure } from '../failure.ts';
import { labelOf } from '../narration.ts';
import { generate, generateAll } from '../output/generate.ts';
import { forever } from '../play.ts';
import type {
  JwtSvidService,
  LongRunningService,
  OutputService,
  X509SvidService,
} from '../service/service.ts';
import { type Bot, type BotStart, createBot } from './bot.ts';
import { startDiagnostics } from './diagnostics.ts';
import { runLoop } from './loop.ts';
import { createRegistry, type Registry } from './registry.ts';
import { runSvidLoop } from './svid-loop.ts';
import { traitsOf } from './traits.ts';
import { identityAttempts, outputAttempts, type Words, wordsOf } from './words.ts';

interface Running extends BotStart {
  readonly bot: Bot;
  readonly words: Words;
  readonly registry: Registry;
}

/** Runs until a signal. Throws the Failure that makes tbot exit. Source: `lib/tbot/bot/bot.go`. */
export async function runInBackground(start: BotStart): Promise<never> {
  const { config, cluster } = start;
  const words = wordsOf(cluster.version, config.lifetime, cluster.log);
  const registry = createRegistry();
  const running = { ...start, bot: createBot(start, words), words, registry };
  const outputs = config.services.filter((service) => service.type !== 'long-running');
  const services = config.services.filter((service) => service.type === 'long-running');
  const tasks = [
    ...(config.diagAddress === '' ? [] : [diagnose(running)]),
    renewIdentity(running),
    ...renewOutputs(running, outputs),
    ...services.map((service) => serve(running, service)),
  ];
  for (const name of ['ca-rotation', 'heartbeat']) registry.add(name).healthy();
  return await Promise.race(tasks);
}

async function diagnose({ config, cluster, words, registry, ...running }: Running): Promise<never> {
  words.diagnostics(config.diagAddress);
  const traits = traitsOf(cluster.version);
  return await asService({ cluster, words }, 'diagnostics', async () => {
    await startDiagnostics(config.diagAddress, registry, traits, running.controlFile);
    return await forever();
  });
}

async function renewIdentity(running: Running): Promise<never> {
  const { config, cluster, words, registry, bot } = running;
  const { interval } = config.lifetime;
  const reporter = registry.add('identity');
  reporter.healthy();
  words.beginning('bot identity');
  const { endsWhenExhausted: ends } = traitsOf(cluster.version);
  return await asService(running, 'identity', async () =>
    runLoop({
      interval,
      attempts: identityAttempts,
      words: words.identityLoop(interval),
      reporter,
      waits: true,
      ends,
      run: async () => bot.renew(),
    }),
  );
}

/** Starts one loop for all outputs or, if the version runs them concurrently, one loop for each. */
function renewOutputs(running: Running, outputs: readonly OutputService[]): Promise<never>[] {
  const { cluster, words, registry, narration, bot, config } = running;
  words.beginning('output');
  const renew = async (label: string, interval: number, run: () => Promise<void>) =>
    runLoop({
      interval,
      attempts: outputAttempts,
      words: words.loop('output-renewal', interval),
      reporter: registry.add(label),
      waits: false,
      ends: false,
      run,
    });
  if (cluster.version.entry === 'output') {
    const all = async () => generateAll(outputs, await bot.context(), narration);
    return [renew('outputs', config.lifetime.interval, all)];
  }
  return outputs.map(async (service) => {
    const label = labelOf(service, cluster.version);
    const { interval } = service.lifetime ?? config.lifetime;
    words.serviceStarting(label);
    if (isSvid(service)) {
      const reporter = registry.add(label);
      const run = async () => generate(service, await bot.context());
      return await runSvidLoop({ service, interval, words, reporter, generate: run });
    }
    return await renew(label, interval, async () => {
      const context = await bot.context();
      narration.generating(service);
      await generate(service, context);
    });
  });
}

function isSvid(service: OutputService): service is X509SvidService | JwtSvidService {
  return service.type === 'workload-identity-x509' || service.type === 'workload-identity-jwt';
}

async function serve(running: Running, service: LongRunningService): Promise<never> {
  const { background } = service;
  const label = labelOf(service, running.cluster.version);
  const lifetime = background.lifetime ?? running.config.lifetime;
  const reporter = running.registry.add(label);
  running.words.serviceStarting(label);
  return await asService(running, label, async () => {
    const { runService } = await import('./services.ts');
    return await runService(background, { ...running, lifetime, reporter });
  });
}

/** Adds the service's name to the Failure that makes tbot exit. */
async function asService(
  { cluster, words }: Pick<Running, 'cluster' | 'words'>,
  label: string,
  run: () => Promise<never>,
): Promise<never> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    words.serviceFailed(label, error);
    throw cluster.version.entry === 'output' ? error : error.within(`service(${label})`);
  }
}
