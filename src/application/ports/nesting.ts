/** What runs within what, across all that is awaited. */
export type Nesting = {
  /** Runs something, so that whatever it calls, now or later, runs within the mark. */
  readonly within: <A>(mark: object, run: () => A) => A
  /** Whether this runs within the mark. */
  readonly isWithin: (mark: object) => boolean
}
