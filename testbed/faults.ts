/** What the testbed does wrong on purpose. Every switch may be turned while the testbed runs. */
export interface Faults {
  proxy: ProxyFault;
  join: JoinFault;
  github: GithubFault;
  imds: ImdsFault;
  downloads: DownloadFault;
  tbot: TbotFault;
  /** Seconds by which the clock of one party is ahead (behind: negative). */
  readonly clock: { proxy: number; github: number };
}

export type ProxyFault =
  | { readonly kind: 'none' }
  /** Takes the connection and the TLS handshake and never answers. */
  | { readonly kind: 'silent' }
  /** The port is closed. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'status'; readonly status: number }
  /** 200 and a page, as a load balancer or a captive portal sends. */
  | { readonly kind: 'html' }
  /** 200 and the JSON of something that is not Teleport. */
  | { readonly kind: 'other-json' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'rate-limited'; readonly requests: number; readonly retryAfter?: number }
  /** Presents a certificate of an authority nobody knows. */
  | { readonly kind: 'untrusted' };

export type JoinFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'status'; readonly status: number }
  /** The connection is reset for the first joins, as a proxy that restarts does. */
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
  /** The connection is cut in the middle of the archive. */
  | { readonly kind: 'half' }
  | { readonly kind: 'status'; readonly status: number; readonly requests?: number }
  | { readonly kind: 'wrong-checksum' }
  | { readonly kind: 'no-checksum' }
  | { readonly kind: 'html' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** Reaches the stand-in tbot through a file beside it: the action removes foreign variables. */
export type TbotFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'ignore-sigterm' }
  | { readonly kind: 'hang' }
  /** Ends itself by SIGKILL, as the kernel does when memory runs out. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'exit-0-without-files' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'print'; readonly lines: readonly string[] }
  | { readonly kind: 'exit-code'; readonly code: number }
  | { readonly kind: 'mismatched-key' }
  /** Writes `ssh_config` under another name and no `key.pub`, as a later release might. */
  | { readonly kind: 'other-files' }
  | { readonly kind: 'foreign-cluster'; readonly cluster: string }
  /** Joins, and then no service gets its credentials. */
  | { readonly kind: 'not-issued'; readonly message: string }
  /** Leaves a grandchild in its process group that outlives it. */
  | { readonly kind: 'child' }
  /** Runs as usual, but ignores SIGTERM and SIGINT. */
  | { readonly kind: 'deaf' }
  /** Joins and starts its services, but issues nothing until this switch changes. */
  | { readonly kind: 'held' }
  /** Another listener occupies the address of the diagnostics or of a service, at the first starts. */
  | {
      readonly kind: 'port-taken';
      readonly address: 'diagnostics' | 'service';
      readonly starts: number;
    }
  | { readonly kind: 'slow'; readonly milliseconds: number };

const none = { kind: 'none' } as const;

/** A testbed that does everything right. */
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

/** The switches whose turning something must notice at once: a port closes, a control file changes. */
export type WatchedFault = Exclude<keyof Faults, 'clock'>;

/** Calls the listener each time that switch is turned; earlier listeners of the switch are kept. */
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
