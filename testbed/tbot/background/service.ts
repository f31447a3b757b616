import type { Lifetime } from '../lifetime.ts';
import type { BackgroundService } from '../service/background.ts';
import type { Bot } from './bot.ts';
import type { Reporter } from './registry.ts';
import type { Words } from './words.ts';

/** What a service in the background runs with. */
export interface Running {
  readonly bot: Bot;
  readonly words: Words;
  readonly reporter: Reporter;
  /** The service's own, or tbot's. */
  readonly lifetime: Lifetime;
  /** Absolute path of this program. */
  readonly executable: string;
  readonly controlFile: string;
}

/** One type of service, and no other. */
export type ServiceOf<T extends BackgroundService['type']> = Extract<
  BackgroundService,
  { readonly type: T }
>;

/** Never ends: what it stands for goes on until tbot does. */
export function untilTheEnd(): Promise<never> {
  return new Promise(() => undefined);
}
