/** State of one service. Source: `lib/tbot/readyz`. */
interface ServiceStatus {
  status: 'initializing' | 'healthy' | 'unhealthy';
  reason?: string;
  updated_at: string | null;
}

/** Tells the registry how a service fares. */
export interface Reporter {
  healthy(): void;
  unhealthy(reason?: string): void;
}

/** The states of all services. */
export interface Registry {
  add(name: string): Reporter;
  /** Of one service, undefined for an unknown one. */
  one(name: string): Readonly<ServiceStatus> | undefined;
  overall(): {
    readonly status: 'healthy' | 'unhealthy';
    readonly services: Readonly<Record<string, Readonly<ServiceStatus>>>;
  };
  /** Resolves when each service has reported once. */
  reported(): Promise<void>;
}

/** Creates an empty one. */
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
