import type { IO } from 'fp-ts/IO'

/** Randomness: ids that are never derived from a key, and jitter. */
export type Random = {
  /** A random UUID. */
  readonly uuid: IO<string>
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly fraction: IO<number>
}
