/** A credential that tbot is asked for, in tbot's own vocabulary. */
export interface IdentityService {
  readonly type: 'identity';
  readonly allowReissue: boolean;
}

export type Service = IdentityService;

/** A service with its place in the home. */
export interface PlannedService {
  /** What users know it by: a key of the output `credentials`. */
  readonly name: string;
  readonly service: Service;
  /** The folder that tbot fills; no other service has it. */
  readonly dir: string;
}
