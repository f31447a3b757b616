import type { Lifetime } from '../lifetime.ts';
import type { BackgroundService } from '../service/background.ts';
import type { Bot } from './bot.ts';
import type { Reporter } from './registry.ts';
import type { Words } from './words.ts';

/** The context of a background service. */
export interface Running {
  readonly bot: Bot;
  readonly words: Words;
  readonly reporter: Reporter;
  /** The lifetime of the service, or the default one. */
  readonly lifetime: Lifetime;
  /** The absolute path of this program. */
  readonly executable: string;
  readonly controlFile: string;
}

/** The settings of one service type. */
export type ServiceOf<T extends BackgroundService['type']> = Extract<
  BackgroundService,
  { readonly type: T }
>;
