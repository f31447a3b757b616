/** Faults of the testbed. They can be changed while the testbed runs. */
export interface Faults {
  proxy: ProxyFault;
  join: JoinFault;
  github: GithubFault;
  imds: ImdsFault;
  downloads: DownloadFault;
  tbot: TbotFault;
  /** Seconds by which a clock is ahead, or behind if negative. */
  readonly clock: { proxy: number; github: number };
}

export type ProxyFault =
  | { readonly kind: 'none' }
  /** Accepts the TLS connection but never responds. */
  | { readonly kind: 'silent' }
  /** The port is closed. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'status'; readonly status: number }
  /** Returns a web page with HTTP 200, as a load balancer or a captive portal does. */
  | { readonly kind: 'html' }
  /** Returns JSON that is not from Teleport, with HTTP 200. */
  | { readonly kind: 'other-json' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'rate-limited'; readonly requests: number; readonly retryAfter?: number }
  /** Uses a certificate of an unknown CA. */
  | { readonly kind: 'untrusted' };

export type JoinFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'status'; readonly status: number }
  /** Resets the connections of the first joins, as a restarting proxy does. */
  | { readonly kind: 'reset'; readonly joins: number };

export type GithubFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'html' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'no-value' };

export type ImdsFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-identity' }
  | { readonly kind: 'several-identities' }
  /** The port is closed. */
  | { readonly kind: 'down' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'throttled'; readonly requests: number };

export type DownloadFault =
  | { readonly kind: 'none' }
  /** Closes the connection in the middle of the archive. */
  | { readonly kind: 'half' }
  | { readonly kind: 'status'; readonly status: number; readonly requests?: number }
  | { readonly kind: 'wrong-checksum' }
  | { readonly kind: 'no-checksum' }
  | { readonly kind: 'html' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** Passed to the stand-in tbot in a file beside it, because the action removes other variables. */
export type TbotFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'ignore-sigterm' }
  | { readonly kind: 'hang' }
  /** Terminates itself with SIGKILL, as the kernel does if memory runs out. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'exit-0-without-files' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'print'; readonly lines: readonly string[] }
  | { readonly kind: 'exit-code'; readonly code: number }
  | { readonly kind: 'mismatched-key' }
  /** Writes `ssh_config` under another name and no `key.pub`, as a later release might. */
  | { readonly kind: 'other-files' }
  | { readonly kind: 'foreign-cluster'; readonly cluster: string }
  /** Joins, but no service receives its credentials. */
  | { readonly kind: 'not-issued'; readonly message: string }
  /** Leaves a running child in its process group. */
  | { readonly kind: 'child' }
  /** Runs as usual, but ignores SIGTERM and SIGINT. */
  | { readonly kind: 'ignore-signals' }
  /** Joins and starts its services, but issues credentials only after this fault has been removed. */
  | { readonly kind: 'hold-credentials' }
  /** At the first starts, another listener uses the address of the diagnostics or of a service. */
  | {
      readonly kind: 'port-taken';
      readonly address: 'diagnostics' | 'service';
      readonly starts: number;
    }
  | { readonly kind: 'slow'; readonly milliseconds: number };

const none = { kind: 'none' } as const;

/** Returns no faults. */
export function noFaults(): Faults {
  return {
    proxy: none,
    join: none,
    github: none,
    imds: none,
    downloads: none,
    tbot: none,
    clock: { proxy: 0, github: 0 },
  };
}

/** Faults that take effect at once: a port closes, or a control file changes. */
export type WatchedFault = Exclude<keyof Faults, 'clock'>;

/** Adds a listener for changes of a fault. */
export function watchFault<K extends WatchedFault>(
  faults: Faults,
  key: K,
  listener: (fault: Faults[K]) => void,
): void {
  const before = Object.getOwnPropertyDescriptor(faults, key);
  let current = faults[key];
  Object.defineProperty(faults, key, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set(fault: Faults[K]) {
      current = fault;
      before?.set?.call(faults, fault);
      listener(fault);
    },
  });
}
