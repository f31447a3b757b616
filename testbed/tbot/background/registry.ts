/** The status of a service. Source: `lib/tbot/readyz`. */
interface ServiceStatus {
  status: 'initializing' | 'healthy' | 'unhealthy';
  reason?: string;
  updated_at: string | null;
}

/** Reports the status of a service. */
export interface Reporter {
  healthy(): void;
  unhealthy(reason?: string): void;
}

/** The status of all services. */
export interface Registry {
  add(name: string): Reporter;
  /** Returns the status of a service, or undefined if it is unknown. */
  one(name: string): Readonly<ServiceStatus> | undefined;
  overall(): {
    readonly status: 'healthy' | 'unhealthy';
    readonly services: Readonly<Record<string, Readonly<ServiceStatus>>>;
  };
  /** Resolves when all services have reported. */
  reported(): Promise<void>;
}

/** Creates an empty registry. */
export function createRegistry(): Registry {
  const services = new Map<string, ServiceStatus>();
  const waiting: (() => void)[] = [];
  const isReported = () => [...services.values()].every(({ status }) => status !== 'initializing');
  const set = (name: string, status: ServiceStatus) => {
    services.set(name, status);
    if (isReported()) for (const resolve of waiting.splice(0)) resolve();
  };
  return {
    add(name) {
      services.set(name, { status: 'initializing', updated_at: null });
      return {
        healthy: () => set(name, { status: 'healthy', updated_at: now() }),
        unhealthy: (reason = '') =>
          set(name, {
            status: 'unhealthy',
            ...(reason === '' ? {} : { reason }),
            updated_at: now(),
          }),
      };
    },
    one: (name) => services.get(name),
    overall: () => ({
      status: [...services.values()].every(({ status }) => status === 'healthy')
        ? 'healthy'
        : 'unhealthy',
      services: Object.fromEntries(services),
    }),
    async reported() {
      if (!isReported()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

function now(): string {
  return new Date().toISOString();
}
