/** Who takes part in a comparison: the same two calls of a user, each to an end that was checked. */
export type Contender = {
  /** Reserves a key, runs nothing, and completes it with the outcome of the benchmarks. */
  readonly cycle: (key: string) => Promise<void>
  /** Asks again for a key that is completed, and is given its outcome. */
  readonly replay: (key: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Which contender a process is, and what it works on. */
export type Contestant =
  | {
      readonly _tag: 'Keyfold'
      /** The folder of the built package: this one's, or an older one's. */
      readonly dist: string
      readonly file: string
      readonly synchronous: 'FULL' | 'NORMAL'
      readonly recording?: 'ignore'
    }
  | { readonly _tag: 'NodeIdempotency'; readonly url: string }
  | { readonly _tag: 'Powertools'; readonly url: string }

/**
 * So many calls of one kind, so many at a time, for so many keys in turn. Keys are those of a round: a replay asks for what
 * the cycles of its round wrote.
 */
export type Job = {
  readonly kind: 'cycle' | 'replay'
  readonly round: string
  readonly atOnce: number
  readonly total: number
  readonly keys: number
}

export type JobDone = { readonly ms: number } | { readonly failed: string }
