/** Tells the time. A simulated clock marks every leaf it dates. */
export interface Clock {
  /** The present instant, RFC 3339 in UTC with whole seconds. */
  now(): string;
  readonly simulated: boolean;
}
