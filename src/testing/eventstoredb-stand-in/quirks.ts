/** What servers do in some versions and under load; none of it unless asked for. What versions do anyway: `versions.ts`. */
export type Quirks = {
  /** Never says that a subscription has caught up: servers before 23.10. */
  readonly silentWhenCaughtUp?: boolean
  /** Ends a live subscription whose consumer lags by more than so many events: servers up to 23.10. */
  readonly endsLaggingBy?: number
  /** The checkpoint at the end of the log carries its end with prepare position 0: 24.10.4 and 25.0.0. */
  readonly splitsCheckpoints?: boolean
}
