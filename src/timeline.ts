/** The phases of a join, in their order. */
export type Phase = 'Resolve' | 'Install' | 'Join' | 'Publish';

/** A phase of this step. The duration of the last one grows until the step ends. */
export interface PhaseDuration {
  readonly phase: Phase;
  readonly seconds: number;
}

/** What a step found out on its way. */
export interface Findings {
  /** Name of the cluster. */
  readonly cluster?: string | undefined;
  /** Version of Teleport that the cluster runs. */
  readonly serverVersion?: string | undefined;
  /** Version of tbot. */
  readonly version?: string | undefined;
  /** Source of tbot. */
  readonly source?: string;
  /** Number of bytes that were downloaded in order to install tbot. */
  readonly downloaded?: number;
  /** Number of times that tbot was started. */
  readonly attempts?: number;
}

/** Measures how long the phases of a step take, from its creation on. */
export class Timeline {
  readonly #start = performance.now();
  readonly #phases: { readonly phase: Phase; readonly start: number }[] = [];
  #findings: Findings = {};

  /** Ends the current phase and starts another one. */
  enter(phase: Phase): void {
    this.#phases.push({ phase, start: performance.now() });
  }

  /** Adds findings; later ones replace earlier ones. */
  add(findings: Findings): void {
    this.#findings = { ...this.#findings, ...findings };
  }

  get findings(): Findings {
    return this.#findings;
  }

  /** The phases until now; none before the first request. */
  get phases(): readonly PhaseDuration[] {
    const now = performance.now();
    return this.#phases.map(({ phase, start }, index) => {
      const end = this.#phases[index + 1]?.start ?? now;
      return { phase, seconds: (end - start) / 1000 };
    });
  }

  /** Seconds since the step started. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}
