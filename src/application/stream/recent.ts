import { generations } from './generations.ts'

/** Values by key, of which those that were used last are kept: as many as weigh `most` together at most. */
export type Recent<A> = {
  readonly get: (key: string) => A | undefined
  readonly set: (key: string, value: A, weight: number) => void
  readonly drop: (key: string) => void
}

/** Keeps values that do not tell their weight: see `generations`. */
export const recent = <A>(most: number): Recent<A> => {
  const kept = generations<{ readonly value: A; readonly weight: number }>(most, ({ weight }) => weight)
  return {
    get: (key) => kept.get(key)?.value,
    set: (key, value, weight) => kept.set(key, { value, weight }),
    drop: kept.drop
  }
}
