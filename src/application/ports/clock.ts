import type { IO } from 'fp-ts/IO'

/** The present, epoch ms. Whether it is a time that keyfold can store is checked where it is asked. */
export type Clock = IO<number>
